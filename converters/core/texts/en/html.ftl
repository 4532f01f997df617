# The HTML page.
html-findings = All { $all-text } open findings
html-findings-some = The worst { $shown-text } of { $all-text } open findings
# $more: how many are not in the table.
html-findings-where = { $more-text } less severe findings are not on this page; the workbook has all. A click on a heading sorts the table.
