//! How to read.

use encoding_rs::Encoding;
use inspector_report_localizer::Lang;

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The encoding of the text. Found out when it is not given.
    pub encoding: Option<&'static Encoding>,
    /// The language that reports are most likely in: it tips the guess of the encoding.
    pub language: Lang,
    /// What stands between the fields of a CSV. Found out when it is not given.
    pub delimiter: Option<u8>,
    /// The most bytes that one packed input may unpack to, all that is in it together.
    pub max_expanded: u64,
}

impl ReadOptions {
    /// 64 GiB, some 40 million findings.
    pub const MAX_EXPANDED: u64 = 64 << 30;
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { encoding: None, language: Lang::En, delimiter: None, max_expanded: ReadOptions::MAX_EXPANDED }
    }
}
