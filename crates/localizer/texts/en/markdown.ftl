# The Markdown summary.

# In place of the headline when there is nothing to count.
md-empty = No finding is open: the report holds no findings at all.
md-empty-filtered = { $filtered ->
        [one] No finding matches the filters; the 1 in the report was left out.
       *[other] No finding matches the filters; all { $filtered-text } in the report were left out.
    }
md-empty-lost = { $lost ->
        [one] No findings are shown, and 1 row could not be read: this does not mean that nothing is open.
       *[other] No findings are shown, and { $lost-text } rows could not be read: this does not mean that nothing is open.
    }

md-note-open = Open findings are those neither suppressed, accepted nor closed; the other figures, but for those, count open findings. A fix may be for some of the packages only.

md-on-resources = On resources

md-vulnerabilities = Worst vulnerabilities
md-packages = Packages
md-epss = EPSS
md-score = Score

md-accounts = By account ({ $count-text })
md-regions = By Region ({ $count-text })
md-problems = { $count ->
        [one] 1 problem in the input
       *[other] { $count-text } problems in the input
    }
md-problems-more = { $more ->
        [one] ... and 1 more
       *[other] ... and { $more-text } more
    }

md-rows = { $read-text } read = { $here-text } in this summary + { $filtered-text } left out by filters + { $lost-text } that could not be read{ $repeated ->
        [0] {""}
        [one] {" "}+ 1 that repeats a finding, of which the newest row counts
       *[other] {" "}+ { $repeated-text } that repeat a finding, of which the newest row counts
    }

# What became of the findings of an earlier report. $name: its file. $date: the day of its data.
md-new = The worst that are new or open again:
md-fixed = The worst that are gone:
md-by-package = { $count ->
        [one] By package (1)
       *[other] By package ({ $count-text })
    }
# Where a summary has no room. $rows: how many rows are not shown.
md-left-out = { $rows ->
        [one] 1 row, the least severe, found no room here; a workbook (--format xlsx) or a summary without a limit has it.
       *[other] { $rows-text } rows, the least severe, found no room here; a workbook (--format xlsx) or a summary without a limit has them.
    }
# $sections: how many sections are not shown at all.
md-left-out-sections = { $rows-text } rows and { $sections ->
        [one] 1 section
       *[other] { $sections-text } sections
    } found no room here; a workbook (--format xlsx) or a summary without a limit has all.
# $account and $region: of findings that are gone. $count: how many these are.
md-chart = Open findings by severity
md-rows-label = Rows
