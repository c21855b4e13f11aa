# Completion of convened's words for bash.
# Written by `make docs` from the table of commands.
_convened()
{
	local current=${COMP_WORDS[COMP_CWORD]} command= words= i
	local previous=${COMP_WORDS[COMP_CWORD - 1]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--config) ((i++)) ;;
		-*) [ -z "$command" ] || break ;;
		*) command="${command:+$command }${COMP_WORDS[i]}" ;;
		esac
	done
	# Arguments follow the noun and its verb.
	case $command in
	*' '*' '*) command=${command%"${command#* * }"}
		command=${command% } ;;
	esac
	COMPREPLY=()
	case "$command $previous" in
	*' --config' | \
	'demo --dir' | \
	'attendees export --output')
		compopt -o filenames
		COMPREPLY=($(compgen -f -- "$current"))
		return ;;
	'demo --listen' | \
	'demo --relay' | \
	'alliance add --name-de' | \
	'alliance add --name-en' | \
	'alliance add --parent' | \
	'alliance add --about-de' | \
	'alliance add --about-en' | \
	'alliance add --mail-from' | \
	'alliance add --contact-name' | \
	'alliance add --contact-email' | \
	'alliance add --contact-phone' | \
	'alliance add --color' | \
	'alliance add --lang' | \
	'alliance add --invite' | \
	'alliance add --bench' | \
	'alliance add --queue-passing' | \
	'alliance edit --name-de' | \
	'alliance edit --name-en' | \
	'alliance edit --parent' | \
	'alliance edit --about-de' | \
	'alliance edit --about-en' | \
	'alliance edit --mail-from' | \
	'alliance edit --contact-name' | \
	'alliance edit --contact-email' | \
	'alliance edit --contact-phone' | \
	'alliance edit --color' | \
	'alliance edit --lang' | \
	'alliance edit --invite' | \
	'alliance edit --bench' | \
	'alliance edit --queue-passing' | \
	'meeting add --title-de' | \
	'meeting add --title-en' | \
	'meeting add --summary-de' | \
	'meeting add --summary-en' | \
	'meeting add --about-de' | \
	'meeting add --about-en' | \
	'meeting add --starts' | \
	'meeting add --ends' | \
	'meeting add --zone' | \
	'meeting add --opens' | \
	'meeting add --closes' | \
	'meeting add --onsite' | \
	'meeting add --online' | \
	'meeting add --venue-name' | \
	'meeting add --venue-street' | \
	'meeting add --venue-postcode' | \
	'meeting add --venue-town' | \
	'meeting add --access-de' | \
	'meeting add --access-en' | \
	'meeting add --geo' | \
	'meeting add --visibility' | \
	'meeting add --join-url' | \
	'meeting add --scarce' | \
	'meeting add --ask-organisation' | \
	'meeting add --keep-days' | \
	'meeting add --waiting' | \
	'meeting add --claim-term' | \
	'meeting add --confirm-term' | \
	'meeting add --approval' | \
	'meeting add --changes-until' | \
	'meeting add --party' | \
	'meeting add --handing-over' | \
	'meeting add --keep-support-days' | \
	'meeting edit --title-de' | \
	'meeting edit --title-en' | \
	'meeting edit --summary-de' | \
	'meeting edit --summary-en' | \
	'meeting edit --about-de' | \
	'meeting edit --about-en' | \
	'meeting edit --starts' | \
	'meeting edit --ends' | \
	'meeting edit --zone' | \
	'meeting edit --opens' | \
	'meeting edit --closes' | \
	'meeting edit --onsite' | \
	'meeting edit --online' | \
	'meeting edit --venue-name' | \
	'meeting edit --venue-street' | \
	'meeting edit --venue-postcode' | \
	'meeting edit --venue-town' | \
	'meeting edit --access-de' | \
	'meeting edit --access-en' | \
	'meeting edit --geo' | \
	'meeting edit --visibility' | \
	'meeting edit --join-url' | \
	'meeting edit --scarce' | \
	'meeting edit --ask-organisation' | \
	'meeting edit --keep-days' | \
	'meeting edit --waiting' | \
	'meeting edit --claim-term' | \
	'meeting edit --confirm-term' | \
	'meeting edit --approval' | \
	'meeting edit --changes-until' | \
	'meeting edit --party' | \
	'meeting edit --handing-over' | \
	'meeting edit --keep-support-days' | \
	'meeting cancel --reason-de' | \
	'meeting cancel --reason-en' | \
	'meeting copy --date' | \
	'meeting session --starts' | \
	'meeting session --ends' | \
	'meeting session --title-de' | \
	'meeting session --title-en' | \
	'meeting session --about-de' | \
	'meeting session --about-en' | \
	'meeting session --speaker' | \
	'question add --kind' | \
	'question add --label-de' | \
	'question add --label-en' | \
	'question add --help-de' | \
	'question add --help-en' | \
	'question add --option' | \
	'question add --least' | \
	'question add --most' | \
	'question add --if' | \
	'question add --if-mode' | \
	'question add --position' | \
	'question edit --label-de' | \
	'question edit --label-en' | \
	'question edit --help-de' | \
	'question edit --help-en' | \
	'question edit --option' | \
	'question edit --drop-option' | \
	'question edit --least' | \
	'question edit --most' | \
	'question edit --if' | \
	'question edit --if-mode' | \
	'question edit --position' | \
	'account add --name' | \
	'account add --role' | \
	'account add --alliance' | \
	'attendees list --search' | \
	'attendees list --organisation' | \
	'attendees list --bench' | \
	'attendees list --state' | \
	'attendees list --mode' | \
	'attendees list --from' | \
	'attendees list --until' | \
	'attendees add --family' | \
	'attendees add --given' | \
	'attendees add --title' | \
	'attendees add --email' | \
	'attendees add --organisation' | \
	'attendees add --position' | \
	'attendees add --bench' | \
	'attendees add --mode' | \
	'attendees add --lang' | \
	'attendees add --invite' | \
	'attendees export --format' | \
	'attendees export --lang' | \
	'attendees export --columns' | \
	'attendees export --search' | \
	'attendees export --organisation' | \
	'attendees export --bench' | \
	'attendees export --state' | \
	'attendees export --mode' | \
	'attendees export --from' | \
	'attendees export --until' | \
	'attendees decline --reason' | \
	'attendees support --reason' | \
	'mail queue --state' | \
	'mail queue --alliance' | \
	'mail queue --limit' | \
	'feedback list --limit' | \
	'erase --email' | \
	'backup --keep' | \
	'backup --keep-days')
		return ;;
	esac
	case $command in
	'') words='--config --help --version serve courier demo config alliance meeting question account attendees mail feedback erase notice backup restore migrate doctor' ;;
	'config') words='check show sample --help' ;;
	'alliance') words='add edit list show --help' ;;
	'meeting') words='add edit list show publish cancel copy session --help' ;;
	'question') words='add edit list remove --help' ;;
	'account') words='add list passwd --help' ;;
	'attendees') words='list add export approve decline reconsider support --help' ;;
	'mail') words='queue retry show --help' ;;
	'feedback') words='list answered --help' ;;
	'notice') words='list show --help' ;;
	'serve') words='--no-courier --help' ;;
	'courier') words='--help' ;;
	'demo') words='--dir --listen --relay --help' ;;
	'config check') words='--help' ;;
	'config show') words='--origin --json --help' ;;
	'config sample') words='--help' ;;
	'alliance add') words='--name-de --name-en --parent --about-de --about-en --mail-from --contact-name --contact-email --contact-phone --color --lang --invite --bench --queue-passing --json --help' ;;
	'alliance edit') words='--name-de --name-en --parent --about-de --about-en --mail-from --contact-name --contact-email --contact-phone --color --lang --invite --bench --queue-passing --json --help' ;;
	'alliance list') words='--json --help' ;;
	'alliance show') words='--json --help' ;;
	'meeting add') words='--title-de --title-en --summary-de --summary-en --about-de --about-en --starts --ends --zone --opens --closes --onsite --online --venue-name --venue-street --venue-postcode --venue-town --access-de --access-en --geo --visibility --join-url --scarce --ask-organisation --keep-days --waiting --claim-term --confirm-term --approval --changes-until --party --handing-over --keep-support-days --json --help' ;;
	'meeting edit') words='--title-de --title-en --summary-de --summary-en --about-de --about-en --starts --ends --zone --opens --closes --onsite --online --venue-name --venue-street --venue-postcode --venue-town --access-de --access-en --geo --visibility --join-url --scarce --ask-organisation --keep-days --waiting --claim-term --confirm-term --approval --changes-until --party --handing-over --keep-support-days --json --help' ;;
	'meeting list') words='--ahead --with-regions --json --help' ;;
	'meeting show') words='--json --help' ;;
	'meeting publish') words='--json --help' ;;
	'meeting cancel') words='--reason-de --reason-en --yes --json --help' ;;
	'meeting copy') words='--date --json --help' ;;
	'meeting session') words='--starts --ends --title-de --title-en --about-de --about-en --speaker --json --help' ;;
	'question add') words='--kind --label-de --label-en --help-de --help-en --required --option --least --most --if --if-mode --position --json --help' ;;
	'question edit') words='--label-de --label-en --help-de --help-en --required --optional --option --drop-option --least --most --if --if-mode --always --position --json --help' ;;
	'question list') words='--json --help' ;;
	'question remove') words='--yes --json --help' ;;
	'account add') words='--name --role --alliance --generate --json --help' ;;
	'account list') words='--json --help' ;;
	'account passwd') words='--generate --json --help' ;;
	'attendees list') words='--search --organisation --bench --state --mode --from --until --unreached --queued --json --help' ;;
	'attendees add') words='--family --given --title --email --organisation --position --bench --mode --lang --invite --no-letters --after-deadline --waiting --json --help' ;;
	'attendees export') words='--output --format --force --lang --columns --search --organisation --bench --state --mode --from --until --unreached --queued --json --help' ;;
	'attendees approve') words='--all --json --help' ;;
	'attendees decline') words='--all --yes --reason --json --help' ;;
	'attendees reconsider') words='--json --help' ;;
	'attendees support') words='--reason --json --help' ;;
	'mail queue') words='--state --alliance --limit --json --help' ;;
	'mail retry') words='--refused --json --help' ;;
	'mail show') words='--json --help' ;;
	'feedback list') words='--all --limit --json --help' ;;
	'feedback answered') words='--json --help' ;;
	'erase') words='--email --everywhere --prove --json --help' ;;
	'notice list') words='--json --help' ;;
	'notice show') words='--json --help' ;;
	'backup') words='--keep --keep-days --json --help' ;;
	'restore') words='--json --help' ;;
	'migrate') words='--dry-run --json --help' ;;
	'doctor') words='--full --json --help' ;;
	esac
	COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _convened convened
