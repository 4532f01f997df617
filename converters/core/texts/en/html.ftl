# The HTML page.
html-findings = { $all ->
        [one] The one open finding
       *[other] All { $all-text } open findings
    }
html-findings-some = The worst { $shown-text } of { $all-text } open findings
# $more: how many are not in the table.
html-findings-where = { $more ->
        [one] 1 less severe finding is not on this page; a workbook (--format xlsx) has all.
       *[other] { $more-text } less severe findings are not on this page; a workbook (--format xlsx) has all.
    } A click on a heading sorts the table.
