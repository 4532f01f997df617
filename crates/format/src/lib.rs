//! The contract between the pipeline and an output format.

mod converter;

pub use converter::{
    ConvertError, Converter, MemoryOutputs, Metadata, Options, Output, Outputs, Setting, SettingKind, Settings,
    Standing, Summary, TrendConverter,
};
