//! The contract between the pipeline and an output format.

mod converter;
mod metadata;
mod outputs;
mod settings;

pub use converter::{
    Context, ConvertError, Converter, FileSystem, Format, LocalFiles, MemoryFiles, NO_FILES, Standing, Summary,
    TrendConverter,
};
pub use metadata::Metadata;
pub use outputs::{MemoryOutputs, Output, Outputs, below, used_before};
pub use settings::{Setting, SettingKind, Settings};
