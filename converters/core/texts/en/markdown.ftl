# The Markdown summary.

md-note-open = Open findings are those neither suppressed nor closed; the other figures, but for those two, count open findings. A fix may be for some of the packages only.

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

md-rows = Rows: { $read-text } read = { $here-text } in this summary + { $filtered-text } left out by filters + { $lost-text } that could not be read
