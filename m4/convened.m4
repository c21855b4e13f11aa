# CONVENED_REQUIRE(NAME, MODULES, DEBIAN-PACKAGE)
# Headers of other people's libraries are system headers: our warnings
# are for our code.
AC_DEFUN([CONVENED_REQUIRE], [
  PKG_CHECK_MODULES([$1], [$2], [have_$1=yes],
    [have_$1=no; missing="$missing $3"])
  CONVENED_SYSTEM_HEADERS([$1])])

# CONVENED_OPTIONAL(NAME, MODULES, DEBIAN-PACKAGE)
AC_DEFUN([CONVENED_OPTIONAL], [
  PKG_CHECK_MODULES([$1], [$2], [have_$1=yes],
    [have_$1=no; AC_MSG_WARN([no unit tests without $3])])
  CONVENED_SYSTEM_HEADERS([$1])])

AC_DEFUN([CONVENED_SYSTEM_HEADERS],
  [$1_CFLAGS=`AS_ECHO(["$$1_CFLAGS"]) | sed 's/-I/-isystem /g'`])

AC_DEFUN([CONVENED_TRY_FLAG], [
  AC_MSG_CHECKING([whether $CC takes $2])
  convened_save=$CFLAGS
  CFLAGS="$CFLAGS -Werror $2"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes]); $1="$$1 $2"], [AC_MSG_RESULT([no])])
  CFLAGS=$convened_save])

AC_DEFUN([CONVENED_WARNINGS], [
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [warnings are errors])],
    [], [enable_werror=no])
  WARN_CFLAGS="-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes dnl
-Wwrite-strings -Wformat=2 -Wvla -Wundef -Wcast-qual -Wconversion"
  AS_IF([test "x$enable_werror" = xyes],
    [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
  AC_SUBST([WARN_CFLAGS])])

AC_DEFUN([CONVENED_HARDENING], [
  HARDEN_CFLAGS= HARDEN_LDFLAGS=
  CONVENED_TRY_FLAG([HARDEN_CFLAGS], [-fstack-protector-strong])
  CONVENED_TRY_FLAG([HARDEN_CFLAGS], [-fstack-clash-protection])
  CONVENED_TRY_FLAG([HARDEN_CFLAGS], [-fcf-protection])
  HARDEN_CFLAGS="$HARDEN_CFLAGS -fPIE"
  HARDEN_LDFLAGS="-pie -Wl,-z,relro,-z,now"
  AC_SUBST([HARDEN_CFLAGS])
  AC_SUBST([HARDEN_LDFLAGS])])

# Sanitizers and FORTIFY exclude each other: FORTIFY hides from ASan what
# it checks itself.
AC_DEFUN([CONVENED_SANITIZE], [
  AC_ARG_ENABLE([sanitize],
    [AS_HELP_STRING([--enable-sanitize=LIST],
      [address,undefined or thread])],
    [], [enable_sanitize=no])
  SANITIZE_CFLAGS=
  AS_IF([test "x$enable_sanitize" = xyes],
    [enable_sanitize=address,undefined])
  AS_IF([test "x$enable_sanitize" != xno],
    [SANITIZE_CFLAGS="-fsanitize=$enable_sanitize -fno-omit-frame-pointer dnl
-fno-sanitize-recover=all -DSANITIZED=1"],
    [HARDEN_CFLAGS="$HARDEN_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"])
  AM_CONDITIONAL([SANITIZED], [test "x$enable_sanitize" != xno])
  AC_SUBST([SANITIZE_CFLAGS])])

# Two builds in two folders are equal if SOURCE_DATE_EPOCH asks for it, as
# package builders do: the folders' names stay out of assert() and debug
# information. Otherwise debuggers like to know them.
AC_DEFUN([CONVENED_REPRODUCIBLE], [
  AS_IF([test -n "$SOURCE_DATE_EPOCH"], [
    convened_source=`cd "$srcdir" && pwd`
    CONVENED_TRY_FLAG([MAP_CFLAGS],
      [-ffile-prefix-map=$convened_source=. -ffile-prefix-map=$srcdir=. dnl
-ffile-prefix-map=`pwd`=.])])
  AC_SUBST([MAP_CFLAGS])])

# CONVENED_SYSTEMD_DIR(NAME, BELOW-PREFIX, CONDITIONAL, WHAT)
# --with-NAME=DIR; without, where the installed systemd looks, else below the
# prefix.
AC_DEFUN([CONVENED_SYSTEMD_DIR], [
  AC_ARG_WITH([$1],
    [AS_HELP_STRING([--with-$1=DIR],
      [where systemd's $4 go (where systemd.pc says, or PREFIX/$2)])],
    [], [with_$1=yes])
  AS_IF([test "x$with_systemd" = xno], [with_$1=no])
  AS_IF([test "x$with_$1" = xyes],
    [with_$1=`$PKG_CONFIG --variable=$1 systemd 2>/dev/null`
     AS_IF([test -z "$with_$1"], [with_$1='${prefix}/$2'])])
  AM_CONDITIONAL([$3], [test "x$with_$1" != xno])
  AC_SUBST([$1], [$with_$1])])
