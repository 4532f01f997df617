//! What a report covers: of which accounts and Regions it tells, and whether all of it was read.
//!
//! A finding that a report does not have is fixed, closed or absent only where the report covers its account and Region,
//! and nothing of it is missing. Everywhere else nothing is known of it.

use std::{collections::BTreeSet, sync::Arc};

use crate::{Loss, Problem, Report, Resource};

/// An account with a Region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The account id.
    pub account: Arc<str>,
    /// The Region.
    pub region: Arc<str>,
}

impl Place {
    /// That of a resource.
    pub fn of(resource: Resource<'_>) -> Place {
        Place { account: resource.account().into(), region: resource.region().into() }
    }
}

/// What an input covers. A report has one, or, where several were merged, one for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputCoverage {
    /// The name of the input, as it stands in messages.
    pub input: Arc<str>,
    /// What is missing of it.
    pub loss: Loss,
    /// The accounts with Regions that it has findings of, open or not, before filters.
    pub places: BTreeSet<Place>,
}

impl Report {
    /// What each input covers.
    pub fn coverage(&self) -> &[InputCoverage] {
        &self.coverage
    }

    /// What is missing of the report: the worst of its inputs.
    pub fn loss(&self) -> Loss {
        self.coverage.iter().map(|input| input.loss).max().unwrap_or_default()
    }

    /// Whether nothing is missing of it, as far as can be told: what it does not have is absent from what it covers.
    pub fn is_whole(&self) -> bool {
        self.loss() == Loss::None
    }

    /// Takes a problem into account that was met after the report was built.
    pub(crate) fn lose(&mut self, problem: &Problem) {
        let loss = problem.code.loss();
        if loss == Loss::None {
            return;
        }
        match self.coverage.iter_mut().find(|input| input.input == problem.source) {
            Some(input) => input.loss = input.loss.max(loss),
            None => {
                self.coverage.push(InputCoverage { input: Arc::clone(&problem.source), loss, places: BTreeSet::new() })
            }
        }
    }

    /// What the report covers as one input.
    pub(crate) fn cover(&self) -> InputCoverage {
        // Resources that no finding refers to are not of the report.
        let mut seen = vec![false; self.resources().len()];
        let mut places = BTreeSet::new();
        for resource in self.all_rows().map(|finding| finding.resource()) {
            if let Some(seen) = seen.get_mut(resource.index() as usize)
                && !std::mem::replace(seen, true)
            {
                places.insert(Place::of(resource));
            }
        }
        let loss = self.problems().iter().map(|problem| problem.code.loss()).max().unwrap_or_default();
        InputCoverage { input: Arc::clone(&self.source), loss, places }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ProblemCode, View};

    #[test]
    fn a_report_knows_what_it_covers_and_what_is_missing() {
        let headings = ["Severity", "AWS Account Id", "Region", "Status"];
        let rows = [
            ["HIGH", "2", "us-east-1", "ACTIVE"],
            ["LOW", "1", "us-east-1", "CLOSED"],
            ["LOW", "1", "us-east-1", "ACTIVE"],
        ];
        let report = Report::from_rows("a.csv", &headings, rows);
        let places: Vec<(&str, &str)> =
            report.coverage()[0].places.iter().map(|place| (&*place.account, &*place.region)).collect();
        assert_eq!(places, [("1", "us-east-1"), ("2", "us-east-1")]);
        assert!(report.is_whole());
        let filtered =
            View::builder(report.clone()).filter(Vec::new(), |finding| finding.severity().rank() == 1).build();
        assert_eq!(filtered.coverage()[0].places.len(), 2, "a filter changes nothing about what was read");
        let lost = |code, source| Problem::new(code, source, "");
        let report = report.with_problem(lost(ProblemCode::NotATime, "a.csv"));
        assert!(report.is_whole());
        let report = report.with_problem(lost(ProblemCode::MayBeCut, "a.csv"));
        assert_eq!(report.loss(), Loss::Possible);
        let report = report.with_problem(lost(ProblemCode::ReportLost, "b.csv"));
        assert_eq!((report.loss(), report.coverage().len()), (Loss::Unknown, 2));
    }
}
