//! The packages that a finding is about, from columns of lists that go together.

use crate::value::{self, some};

/// An affected package of a finding. Each text is as written; `None` where the report does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package<'a> {
    /// `name`.
    pub name: &'a str,
    /// `version` with epoch, release and architecture as the report joins them.
    pub installed: Option<&'a str>,
    /// `fixedInVersion`: the first version without the vulnerability.
    pub fixed: Option<&'a str>,
    /// `remediation`: the command that updates it.
    pub remediation: Option<&'a str>,
    /// `packageManager`.
    pub manager: Option<&'a str>,
    /// `filePath`: the file that the package was found in; not for packages of the operating system.
    pub path: Option<&'a str>,
}

/// Shares out a cell that is a list parallel to the names of packages.
///
/// Inspector does not document the form. Read are: one item for each name, in order; `name[item]`; one item for all.
/// Where none of these fits, no package gets a value: a wrong version is worse than none.
pub(crate) fn parallel<'a>(cell: &'a str, names: &[&'a str]) -> Vec<Option<&'a str>> {
    let items: Vec<&'a str> = value::list(cell).collect();
    let named = |name: &str| {
        items.iter().find_map(|item| item.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')).and_then(some)
    };
    if !items.is_empty() && items.iter().all(|item| item.ends_with(']') && item.contains('[')) {
        return names.iter().map(|name| named(name)).collect();
    }
    match items.as_slice() {
        [one] => vec![some(one); names.len()],
        items if items.len() == names.len() => items.iter().map(|item| some(item)).collect(),
        _ => vec![None; names.len()],
    }
}
