# The HTML page.
# $scope: what is listed, where that is not all.
html-findings = { $all ->
        [one] The one open finding
       *[other] All { $all-text } open findings
    }{ $scope ->
        [filtered] {" "}that the filters leave
        [part] {" "}in this part of the report
       *[all] {""}
    }
html-findings-some = The worst { $shown-text } of { $all-text } open findings{ $scope ->
        [filtered] {" "}that the filters leave
        [part] {" "}in this part of the report
       *[all] {""}
    }
# $more: how many are not in the table.
html-findings-where = { $more ->
        [one] 1 less severe finding is not on this page; a workbook (--format xlsx) has all.
       *[other] { $more-text } less severe findings are not on this page; a workbook (--format xlsx) has all.
    } A click on a heading sorts the table.
# The search box and the filters over the table, where scripts run. $shown of $all rows are in sight.
html-search = Search
html-all = All
html-shown = { $shown } of { $all }
html-copy = Copy as CSV
html-copied = Copied
html-clear = Clear
