//! What each cloud has of its own: how it names resources, and what their ids say. All that is peculiar to a cloud is in
//! its module here; the rest of the program asks a [`Resource`](crate::Resource).

pub(crate) mod aws;

/// The cloud that a resource is in (`resources[].provider` of the API).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Provider {
    /// Amazon Web Services.
    Aws,
}

impl Provider {
    /// A short name, as a part of paths: `aws`.
    pub const fn name(self) -> &'static str {
        match self {
            Provider::Aws => "aws",
        }
    }

    /// What the names of its types of resource begin with: `AWS_` of `AWS_EC2_INSTANCE`.
    pub const fn type_prefix(self) -> &'static str {
        match self {
            Provider::Aws => "AWS_",
        }
    }
}

/// What the id of a resource is one of, as far as its form says. The type is blank in reports that lack the column; the id
/// still says what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdKind {
    /// A container image, or the repository of one.
    Repository,
    /// A function.
    Function,
    /// A virtual machine.
    Instance,
    /// Something else.
    Other,
}
