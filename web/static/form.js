/* Questions that hang on another answer appear and go at once. Without this
 * the server brings them when the form is sent. A block says by data-if on
 * which field it hangs, and by data-if-values on which of its values. */
(function () {
    "use strict";

    function isChosen(control, values) {
        if (values.indexOf(control.value) < 0 || control.closest("[hidden]"))
            return false;
        return control.checked ||
            (control.type !== "radio" && control.type !== "checkbox");
    }

    function settle(block) {
        var name = block.getAttribute("data-if");
        var values = block.getAttribute("data-if-values").split(" ");
        var controls = Array.prototype.filter.call(
            block.closest("form").elements,
            function (control) { return control.name === name; });

        if (controls.length === 0)
            return;
        block.hidden = !controls.some(function (control) {
            return isChosen(control, values);
        });
        block.querySelectorAll("input[type=hidden]").forEach(
            function (mark) { mark.disabled = block.hidden; });
    }

    /* In the order of the page, in which a question comes before those that
     * hang on it. */
    function settleAll() {
        document.querySelectorAll("[data-if]").forEach(settle);
    }

    document.addEventListener("change", settleAll);
    /* A browser that comes back may have filled the form in. */
    window.addEventListener("pageshow", settleAll);
    settleAll();
})();
