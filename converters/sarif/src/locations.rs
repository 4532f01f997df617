//! Which file of the repository a resource is made of: the table `[sarif.locations]` of `inspector-report.toml`.
//!
//! ```toml
//! [sarif.locations.repository]                 # container images, by their ECR repository
//! "shop/api" = "services/api/Dockerfile"
//! "shop/web" = { file = "services/web/Dockerfile", root = "usr/src/app" }
//! [sarif.locations.function]                   # Lambda functions, by their name
//! "resize-*" = "functions/resize/handler.py"
//! [sarif.locations.instance]                   # EC2 instances, by their id or their tag Name
//! "web-*" = "infra/web.tf"
//! [sarif.locations.tag]                        # any resource, by a tag
//! "Team=platform" = "infra/platform.tf"
//! [sarif.locations.arn]                        # any resource, by its ARN
//! "arn:aws:ec2:*:012345678901:instance/*" = "infra/main.tf"
//! ```
//!
//! In a pattern `*` stands for any text and `?` for any character. The tables are asked in the order above; in each the
//! pattern without wildcards wins, else the one with the most other characters.
//!
//! A finding about a file points to it where the file lies in the folder of the mapped file (or in `folder`): the path
//! that Inspector gives is looked up there, below `root` if that is said, else by its end, as long as that is not the
//! inside of an installed dependency. So `usr/src/app/requirements.txt` of the image becomes
//! `services/api/requirements.txt` if there is such a file.

use std::path::{Path, PathBuf};

use inspector_report_format::FileSystem;
use inspector_report_model::{Finding, IdKind, Resource, value::FindingType};
use serde::Deserialize;
use wildmatch::WildMatch;

use crate::uri;

/// Folders that hold dependencies: a file in them is not one of the repository.
const DEPENDENCIES: [&str; 8] =
    ["node_modules", "site-packages", "dist-packages", "vendor", "gems", "specifications", ".m2", "pkg"];

/// How many ends of a path are looked up.
const MOST_ENDS: usize = 16;

/// The table, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    repository: Patterns,
    function: Patterns,
    instance: Patterns,
    tag: Patterns,
    arn: Patterns,
}

type Patterns = std::collections::BTreeMap<String, Target>;

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a target must be a file, or { file = ..., folder = ..., root = ... }")]
enum Target {
    File(String),
    Full(Full),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Full {
    file: String,
    folder: Option<String>,
    root: Option<String>,
}

/// What a pattern is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Repository,
    Function,
    Instance,
    Tag,
    Arn,
}

/// A pattern, and what the resources are made of that fit.
#[derive(Debug)]
struct Mapping {
    by: By,
    pattern: WildMatch,
    file: String,
    /// The folder that holds what the resource is made of, without a slash at the end.
    folder: String,
    /// The folder in the resource that holds the same.
    root: Option<String>,
}

/// Says what is wrong with the table, as JSON.
pub(crate) fn check(json: &str) -> Result<(), String> {
    Locations::new(Some(json), None).map(drop)
}

/// The mappings, the first that fits being the one that counts.
#[derive(Debug, Default)]
pub(crate) struct Locations {
    mappings: Vec<Mapping>,
    /// Where the repository is, as far as it is there.
    repository: Option<PathBuf>,
}

/// A place in the repository.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// A relative URI.
    pub(crate) uri: String,
    /// Whether it is the file that the finding is about, so that the finding's lines are lines of it.
    pub(crate) is_exact: bool,
}

impl Locations {
    /// Reads the table. `repository` is where the files are looked up.
    pub(crate) fn new(json: Option<&str>, repository: Option<&Path>) -> Result<Locations, String> {
        let Some(json) = json else { return Ok(Locations::default()) };
        let table: Table = serde_json::from_str(json).map_err(|error| {
            let text = error.to_string();
            // The line is one of the JSON, which nobody has seen.
            let text = text.split(" at line ").next().unwrap_or_default().to_owned();
            format!("{text}; it has tables repository, function, instance, tag and arn, each of \"pattern\" = \"file\"")
        })?;
        let mut mappings = Vec::new();
        for (by, patterns) in [
            (By::Repository, table.repository),
            (By::Function, table.function),
            (By::Instance, table.instance),
            (By::Tag, table.tag),
            (By::Arn, table.arn),
        ] {
            let mut patterns: Vec<(String, Target)> = patterns.into_iter().collect();
            patterns.sort_by_key(|(pattern, _)| {
                let wild = pattern.matches(['*', '?']).count();
                (wild > 0, std::cmp::Reverse(pattern.len() - wild))
            });
            for (pattern, target) in patterns {
                mappings.push(mapping(by, &pattern, target)?);
            }
        }
        Ok(Locations { mappings, repository: repository.map(Path::to_owned) })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.mappings.is_empty()
    }

    /// The place of the mapping for a resource, if there is one.
    pub(crate) fn find(&self, resource: Resource<'_>) -> Option<usize> {
        self.mappings.iter().position(|mapping| mapping.fits(resource))
    }

    /// Where a finding is in the repository, by the mapping of its resource.
    pub(crate) fn place(&self, mapping: usize, finding: Finding<'_>, files: &dyn FileSystem) -> Option<Place> {
        let mapping = self.mappings.get(mapping)?;
        let exact = finding.file().and_then(|path| self.file(mapping, path, finding.finding_type(), files));
        let is_exact = exact.is_some();
        let mut uri = String::new();
        uri::push_path(&mut uri, &exact.unwrap_or_else(|| mapping.file.clone()));
        Some(Place { uri: uri::bounded(uri), is_exact })
    }

    /// The file of the repository that a path in a resource is, if it is one.
    fn file(&self, mapping: &Mapping, path: &str, kind: FindingType<'_>, files: &dyn FileSystem) -> Option<String> {
        let path = path.replace('\\', "/");
        // Agentless scans put the volume and the partition in front: `vol-0e47:/p1:usr/bin/kubelet`.
        let path = path.rsplit(':').next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        if parts.is_empty() || parts.contains(&"..") {
            return None;
        }
        let path = parts.join("/");
        let ends: Vec<String> = match &mapping.root {
            Some(root) => path
                .strip_prefix(root.as_str())
                .and_then(|rest| rest.strip_prefix('/'))
                .into_iter()
                .map(str::to_owned)
                .collect(),
            None => {
                let own = parts.iter().rposition(|part| DEPENDENCIES.contains(part)).map_or(parts.len(), |at| at + 1);
                (0..own.min(MOST_ENDS)).map(|start| parts[start..].join("/")).collect()
            }
        };
        let ends = ends.into_iter().map(|end| join(&mapping.folder, &end));
        let Some(repository) = self.repository.as_ref().filter(|root| files.is_folder(&root.join(&mapping.folder)))
        else {
            // The repository is not here to look. A weakness is at a line of its file and of no other; and a function or
            // image that is mapped by name is made of what lies beside the mapped file.
            let by_name = matches!(mapping.by, By::Repository | By::Function);
            let is_sure = mapping.root.is_some() || (by_name && kind == FindingType::CodeVulnerability);
            return ends.into_iter().next().filter(|_| is_sure);
        };
        ends.into_iter().find(|end| files.is_file(&repository.join(end)))
    }
}

fn mapping(by: By, pattern: &str, target: Target) -> Result<Mapping, String> {
    let (file, folder, root) = match target {
        Target::File(file) => (file, None, None),
        Target::Full(Full { file, folder, root }) => (file, folder, root),
    };
    if by == By::Tag && !pattern.contains('=') {
        return Err(format!("tag {pattern:?} is not of the form \"Key=value\""));
    }
    let file = relative(&file).filter(|path| !path.is_empty() && !file.ends_with(['/', '\\']));
    let file = file.ok_or_else(|| format!("{pattern:?} names no file below the folder of inspector-report.toml"))?;
    let folder = match folder {
        Some(folder) => {
            relative(&folder).ok_or_else(|| format!("{folder:?} is no folder below that of inspector-report.toml"))?
        }
        None => file.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned()),
    };
    let root = root.map(|root| relative(root.trim_start_matches('/')).ok_or(format!("{root:?} is no folder")));
    Ok(Mapping {
        by,
        pattern: WildMatch::new(pattern),
        file,
        folder,
        root: root.transpose()?.filter(|root| !root.is_empty()),
    })
}

/// A path below some folder, without `.` and double slashes; `None` if it leads elsewhere.
fn relative(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let leads_away = path.starts_with('/') || parts.iter().any(|part| *part == ".." || part.contains(':'));
    (!leads_away).then(|| parts.join("/"))
}

fn join(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

impl Mapping {
    fn fits(&self, resource: Resource<'_>) -> bool {
        let fits = |text: &str| self.pattern.matches(text);
        match self.by {
            By::Repository => resource.id_kind() == IdKind::Repository && fits(resource.identity()),
            By::Function => resource.id_kind() == IdKind::Function && fits(resource.identity()),
            By::Instance => resource.id_kind() == IdKind::Instance && (fits(resource.id()) || fits(&resource.name())),
            By::Tag => resource.tags().iter().any(|(key, value)| fits(&format!("{key}={value}"))),
            By::Arn => fits(&resource.full_id()),
        }
    }
}

#[cfg(test)]
mod tests {
    use inspector_report_format::{MemoryFiles, NO_FILES};
    use inspector_report_model::{Report, View};

    use super::*;

    const HEADINGS: [&str; 7] =
        ["Resource Type", "Resource ID", "Resource Tags", "Region", "AWS Account Id", "File Path", "Finding Type"];

    fn at(locations: &Locations, id: &str, tags: &str, file: &str, kind: &str) -> Option<(String, bool)> {
        at_in(&NO_FILES, locations, id, tags, file, kind)
    }

    fn at_in(
        files: &dyn FileSystem,
        locations: &Locations,
        id: &str,
        tags: &str,
        file: &str,
        kind: &str,
    ) -> Option<(String, bool)> {
        let type_ = match id {
            id if id.contains(":repository/") => "AWS_ECR_CONTAINER_IMAGE",
            id if id.contains(":function:") => "AWS_LAMBDA_FUNCTION",
            _ => "AWS_EC2_INSTANCE",
        };
        let report = View::of(Report::from_rows(
            "made",
            &HEADINGS,
            [[type_, id, tags, "us-east-1", "012345678901", file, kind]],
        ));
        let finding = report.finding(0).unwrap();
        let place = locations.place(locations.find(finding.resource())?, finding, files)?;
        Some((place.uri, place.is_exact))
    }

    fn image(repository: &str) -> String {
        format!("arn:aws:ecr:us-east-1:012345678901:repository/{repository}/sha256:{}", "a".repeat(64))
    }

    const TABLE: &str = r#"{
        "repository": {"shop/*": "services/any/Dockerfile", "shop/api": "services/api/Dockerfile",
                       "shop/web": {"file": "services/web/Dockerfile", "root": "/usr/src/app/"}},
        "function": {"resize-*": "functions/resize/handler.py"},
        "instance": {"web-?": "infra/web.tf", "i-0def": "infra/def file.tf"},
        "tag": {"Team=plat*": "infra/platform.tf"},
        "arn": {"arn:aws:ec2:us-*:012345678901:instance/*": "infra/main.tf"}
    }"#;

    #[test]
    fn resources_are_found_by_what_they_are_known_by() {
        let locations = Locations::new(Some(TABLE), None).unwrap();
        let at = |id: &str, tags: &str| at(&locations, id, tags, "", "").map(|(uri, _)| uri);
        let function = "arn:aws:lambda:us-east-1:012345678901:function:resize-thumbs:$LATEST";
        for (id, tags, expected) in [
            (image("shop/api").as_str(), "", "services/api/Dockerfile"),
            (&image("shop/jobs/night"), "", "services/any/Dockerfile"),
            (function, "", "functions/resize/handler.py"),
            ("i-0abc", "Name:web-1", "infra/web.tf"),
            ("i-0def", "Name:web-1", "infra/def%20file.tf"),
            ("i-0abc", "Name:web-10,Team:platform", "infra/platform.tf"),
            ("i-0abc", "", "infra/main.tf"),
        ] {
            assert_eq!(at(id, tags).as_deref(), Some(expected), "{id} {tags}");
        }
        assert_eq!(at(&image("other"), ""), None);
        assert_eq!(at("arn:aws:lambda:us-east-1:012345678901:function:send", "Team:web"), None);
    }

    #[test]
    fn a_finding_points_to_its_file_where_the_repository_has_it() {
        let folder = Path::new("checkout");
        let names = ["services/api/requirements.txt", "services/api/package.json", "services/web/src/go.mod"];
        let files = names.iter().fold(MemoryFiles::new(), |files, name| files.with(folder.join(name), ""));
        let locations = Locations::new(Some(TABLE), Some(folder)).unwrap();
        let at = |repository: &str, file: &str| {
            at_in(&files, &locations, &image(repository), "", file, "PACKAGE_VULNERABILITY").unwrap()
        };
        let dockerfile = |name: &str| (format!("services/{name}/Dockerfile"), false);
        assert_eq!(at("shop/api", "usr/src/app/requirements.txt"), ("services/api/requirements.txt".into(), true));
        assert_eq!(at("shop/api", "app/package.json"), ("services/api/package.json".into(), true));
        assert_eq!(
            at("shop/api", "usr/lib/node_modules/npm/package.json"),
            dockerfile("api"),
            "not the repository's own"
        );
        assert_eq!(at("shop/api", "../../etc/requirements.txt"), dockerfile("api"));
        assert_eq!(at("shop/api", "usr/bin/kubelet"), dockerfile("api"));
        assert_eq!(at("shop/web", "usr/src/app/src/go.mod"), ("services/web/src/go.mod".into(), true));
        assert_eq!(at("shop/web", "opt/src/go.mod"), dockerfile("web"), "not below the root");
    }

    #[test]
    fn without_the_repository_only_what_is_sure_is_pointed_to() {
        let locations = Locations::new(Some(TABLE), None).unwrap();
        let function = "arn:aws:lambda:us-east-1:012345678901:function:resize-1";
        let at = |id: &str, file: &str, kind: &str| at(&locations, id, "", file, kind).unwrap();
        assert_eq!(at(function, "src/app.py", "CODE_VULNERABILITY"), ("functions/resize/src/app.py".into(), true));
        assert_eq!(at(function, "src/app.py", "PACKAGE_VULNERABILITY"), ("functions/resize/handler.py".into(), false));
        let web = image("shop/web");
        assert_eq!(at(&web, "/usr/src/app/go.mod", "PACKAGE_VULNERABILITY"), ("services/web/go.mod".into(), true));
    }

    #[test]
    fn what_is_wrong_with_a_table_is_said() {
        for (json, words) in [
            (r#"{"repositories": {}}"#, "repositories"),
            (r#"{"repository": {"x": 1}}"#, "tables repository"),
            (r#"{"repository": {"x": "../y"}}"#, "\"x\" names no file below"),
            (r#"{"repository": {"x": "/etc/passwd"}}"#, "names no file below"),
            (r#"{"repository": {"x": "https://a/b"}}"#, "names no file below"),
            (r#"{"repository": {"x": "services/"}}"#, "names no file below"),
            (r#"{"repository": {"x": "services\\"}}"#, "names no file below"),
            (r#"{"repository": {"x": {"file": "y", "rot": "z"}}}"#, "a target must be a file"),
            (r#"{"tag": {"Name": "x"}}"#, "Key=value"),
        ] {
            let error = check(json).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        assert_eq!(check(TABLE), Ok(()));
    }
}
