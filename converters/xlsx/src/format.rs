//! How cells look.

use inspector_report_localizer::{Lang, Localizer};
use inspector_report_model::{
    TriageField,
    value::{SEVERITY_COLOURS, Severity},
};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The formats of a workbook.
pub(crate) struct Formats {
    default: Option<Format>,
    pub(crate) text: Format,
    /// Text that would be a formula if it were typed.
    pub(crate) quoted: Format,
    /// Text in a list.
    pub(crate) listed: Format,
    pub(crate) wrapped: Format,
    pub(crate) indented: Format,
    pub(crate) number: Format,
    pub(crate) count: Format,
    pub(crate) date_time: Format,
    pub(crate) date: Format,
    /// A month, as its first day.
    pub(crate) month: Format,
    /// Days with a decimal.
    pub(crate) days: Format,
    /// A day and time in a list.
    pub(crate) listed_time: Format,
    pub(crate) header: Format,
    pub(crate) header_indented: Format,
    pub(crate) header_right: Format,
    pub(crate) title: Format,
    pub(crate) headline: Format,
    pub(crate) section: Format,
    pub(crate) label: Format,
    pub(crate) total: Format,
    pub(crate) total_count: Format,
    pub(crate) total_date: Format,
    pub(crate) link: Format,
    /// A link in a sheet of findings.
    pub(crate) link_plain: Format,
    pub(crate) share: Format,
    pub(crate) total_share: Format,
    /// The heading of a column to fill in.
    pub(crate) header_triage: Format,
    triage_date: Format,
    /// The large figures and the words below them: first where there is something, then where there is nothing.
    large: [[Format; 2]; 2],
    severities: Vec<Format>,
}

const HEADER_FILL: u32 = 0x1F3864;
/// Set apart from the headings of what the report says.
const TRIAGE_FILL: u32 = 0x375623;
const RULE: u32 = 0xBFBFBF;

/// The fill colour of a severity.
pub(crate) fn fill(rank: usize) -> Color {
    Color::RGB(SEVERITY_COLOURS.get(rank).map_or(0xFFFFFF, |(fill, _)| *fill))
}

impl Formats {
    pub(crate) fn new(texts: &Localizer) -> Formats {
        let base = match texts.lang() {
            Lang::En => Format::new(),
            // The font that Japanese Excel starts with, on Windows and on the Mac; 128 is the Shift_JIS character set.
            Lang::Ja => Format::new().set_font_name("Yu Gothic").set_font_size(11).set_font_charset(128),
        };
        let base = base.set_align(FormatAlign::Top);
        let (date_time, date) = match texts.lang() {
            Lang::En => ("yyyy-mm-dd hh:mm", "yyyy-mm-dd"),
            Lang::Ja => ("yyyy/mm/dd hh:mm", "yyyy/mm/dd"),
        };
        let ruled = base.clone().set_border_bottom(FormatBorder::Hair).set_border_bottom_color(Color::RGB(RULE));
        let header = base
            .clone()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(HEADER_FILL))
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        let total = base.clone().set_bold().set_border_top(FormatBorder::Thin);
        let link =
            base.clone().set_font_color(Color::RGB(0x0563C1)).set_underline(rust_xlsxwriter::FormatUnderline::Single);
        let severities = SEVERITY_COLOURS.iter().map(|(fill, text)| {
            base.clone()
                .set_bold()
                .set_background_color(Color::RGB(*fill))
                .set_font_color(Color::RGB(*text))
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(RULE))
        });
        Formats {
            default: (texts.lang() == Lang::Ja).then(|| base.clone()),
            quoted: base.clone().set_quote_prefix(),
            listed: ruled.clone().set_align(FormatAlign::Left).set_indent(1),
            wrapped: ruled.clone().set_align(FormatAlign::Left).set_indent(1).set_text_wrap(),
            indented: ruled.clone().set_align(FormatAlign::Left).set_indent(1),
            number: base.clone(),
            count: ruled.clone().set_num_format("#,##0"),
            date_time: base.clone().set_num_format(date_time).set_align(FormatAlign::Left),
            month: ruled.clone().set_num_format(date.get(..7).unwrap_or(date)).set_align(FormatAlign::Right),
            days: ruled.clone().set_num_format("#,##0.0"),
            listed_time: ruled.clone().set_num_format(date_time).set_align(FormatAlign::Right),
            date: ruled.clone().set_num_format(date).set_align(FormatAlign::Right),
            header_indented: header.clone().set_align(FormatAlign::Left).set_indent(1),
            header_right: header.clone().set_align(FormatAlign::Right),
            header_triage: header.clone().set_background_color(Color::RGB(TRIAGE_FILL)),
            header,
            title: base.clone().set_bold().set_font_size(20).set_font_color(Color::RGB(HEADER_FILL)),
            headline: base.clone().set_bold().set_font_size(13).set_text_wrap().set_align(FormatAlign::VerticalCenter),
            section: base
                .clone()
                .set_bold()
                .set_font_size(13)
                .set_font_color(Color::RGB(HEADER_FILL))
                .set_border_bottom(FormatBorder::Medium)
                .set_border_bottom_color(Color::RGB(HEADER_FILL)),
            label: base.clone().set_font_color(Color::RGB(0x595959)),
            total_count: total.clone().set_num_format("#,##0"),
            total_date: total.clone().set_num_format(date).set_align(FormatAlign::Right),
            link: link.clone().set_indent(1),
            link_plain: link,
            share: ruled.clone().set_num_format("0%"),
            total_share: total.clone().set_num_format("0%"),
            total,
            triage_date: base.clone().set_num_format(date),
            large: [(0x9C0006, 0xFDEBEC), (0x595959, 0xF2F2F2)].map(|(colour, fill)| {
                let block = base
                    .clone()
                    .set_align(FormatAlign::Left)
                    .set_align(FormatAlign::VerticalCenter)
                    .set_indent(1)
                    .set_background_color(Color::RGB(fill));
                let number = block.clone().set_font_size(26).set_bold().set_font_color(Color::RGB(colour));
                [number.set_num_format("#,##0"), block.set_font_color(Color::RGB(0x404040))]
            }),
            severities: severities.collect(),
            text: base,
        }
    }

    /// The default format of the workbook with its row height and column width in pixels, where it is not Excel's own.
    pub(crate) fn default(&self) -> Option<(&Format, u32, u32)> {
        self.default.as_ref().map(|format| (format, 25, 72))
    }

    /// A large figure, and the words below it. Where there is nothing, it does not ask to be seen.
    pub(crate) fn large(&self, is_there: bool) -> [&Format; 2] {
        let [number, word] = &self.large[usize::from(!is_there)];
        [number, word]
    }

    /// The cells of a column to fill in.
    pub(crate) fn triage(&self, field: TriageField) -> &Format {
        if field == TriageField::Due { &self.triage_date } else { &self.text }
    }

    /// The cell of a severity, by rank.
    pub(crate) fn severity(&self, rank: usize) -> &Format {
        self.severities.get(rank.min(Severity::KNOWN.len())).unwrap_or(&self.text)
    }
}
