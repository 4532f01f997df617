//! Counts over time as a picture in SVG, drawn here since a page must need nothing from elsewhere.
//!
//! Lines differ in their dashes too, not in colour alone; what the picture shows stands in a table beside it, which the
//! document has.

use inspector_report_document::{Plot, PlotKind, PlotSeries, thinned};
use inspector_report_localizer::Localizer;

use crate::text::escape;

/// The size of the picture, and where in it the counts are drawn.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 920.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 286.0;

/// Names of points that stand beside each other.
const LABELS: usize = 9;

/// With more points than this a line has no dots.
const DOTS: usize = 60;

/// How lines are dashed, one after another.
const DASHES: [&str; 7] = ["none", "9 4", "3 3", "12 3 3 3", "6 2", "2 5", "15 5"];

/// Draws a plot; nothing where all counts are none.
pub(crate) fn draw(out: &mut String, plot: &Plot, texts: &Localizer) {
    let highest = plot.series.iter().flat_map(|series| &series.values).max().copied().unwrap_or(0);
    if highest == 0 {
        return;
    }
    let step = step(highest);
    let scale = Scale { top: highest.div_ceil(step).saturating_mul(step) };
    let said = plot.series.iter().map(|series| said(series, texts)).collect::<Vec<_>>().join("; ");
    let name = escape(&format!("{}: {said}", plot.title));
    out.push_str("<figure class=\"plot\">\n");
    legend(out, plot);
    out.push_str(&format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{name}\">\n"));
    for count in (0..=scale.top).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
        let y = scale.y(count);
        out.push_str(&format!(
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\">{}</text>\n",
            LEFT - 8.0,
            y + 4.0,
            texts.number(count)
        ));
    }
    let width = (RIGHT - LEFT) / plot.points.len().max(1) as f64;
    let x = |at: usize| match (plot.kind, plot.points.get(at)) {
        // A column stands in the middle of its share.
        (PlotKind::Columns, _) => LEFT + width * (at as f64 + 0.5),
        (PlotKind::Lines, Some(_)) if plot.points.len() == 1 => (LEFT + RIGHT) / 2.0,
        (PlotKind::Lines, point) => LEFT + (RIGHT - LEFT) * point.map_or(0.0, |(_, place)| *place),
    };
    let mut taken = f64::MIN;
    for at in thinned(plot.points.len(), LABELS) {
        let Some((label, _)) = plot.points.get(at) else { continue };
        // Days that are close together would be written over each other.
        if x(at) - taken >= 84.0 {
            taken = x(at);
            let y = BOTTOM + 20.0;
            out.push_str(&format!(
                "<text x=\"{:.1}\" y=\"{y}\" text-anchor=\"middle\">{}</text>\n",
                x(at),
                escape(label)
            ));
        }
    }
    for (number, series) in plot.series.iter().enumerate() {
        match plot.kind {
            PlotKind::Lines => line(out, series, number, &scale, x),
            PlotKind::Columns => {
                let each = width * 0.7 / plot.series.len() as f64;
                for (at, value) in series.values.iter().enumerate() {
                    let left = x(at) - width * 0.35 + each * number as f64;
                    let y = scale.y(*value);
                    out.push_str(&format!(
                        "<rect x=\"{left:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#{:06x}\"/>\n",
                        (each - 1.0).max(0.5),
                        BOTTOM - y,
                        series.colour.0
                    ));
                }
            }
        }
    }
    out.push_str("</svg>\n</figure>\n");
}

fn line(out: &mut String, series: &PlotSeries, number: usize, scale: &Scale, x: impl Fn(usize) -> f64) {
    let colour = series.colour.0;
    let points: Vec<(f64, f64)> =
        series.values.iter().enumerate().map(|(at, value)| (x(at), scale.y(*value))).collect();
    let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let dashes = dashes(number);
    out.push_str(&format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#{colour:06x}\" stroke-width=\"2.5\" stroke-dasharray=\"{dashes}\"/>\n",
        path.join(" ")
    ));
    if points.len() <= DOTS {
        for (x, y) in points {
            out.push_str(&format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"#{colour:06x}\"/>\n"));
        }
    }
}

fn legend(out: &mut String, plot: &Plot) {
    out.push_str("<ul class=\"legend\" aria-hidden=\"true\">\n");
    for (number, series) in plot.series.iter().enumerate() {
        let colour = series.colour.0;
        let mark = match plot.kind {
            PlotKind::Lines => format!(
                "<line x1=\"0\" x2=\"40\" y1=\"8\" y2=\"8\" stroke=\"#{colour:06x}\" stroke-width=\"4\" stroke-dasharray=\"{}\"/>",
                dashes(number)
            ),
            PlotKind::Columns => format!("<rect x=\"8\" y=\"0\" width=\"24\" height=\"16\" fill=\"#{colour:06x}\"/>"),
        };
        out.push_str(&format!("<li><svg viewBox=\"0 0 40 16\">{mark}</svg>{}</li>\n", escape(&series.name)));
    }
    out.push_str("</ul>\n");
}

fn dashes(number: usize) -> &'static str {
    DASHES.get(number % DASHES.len()).copied().unwrap_or("none")
}

/// What a series says to who cannot see it: where it begins and where it ends.
fn said(series: &PlotSeries, texts: &Localizer) -> String {
    let number = |value: Option<&u64>| texts.number(value.copied().unwrap_or(0));
    format!("{} {} → {}", series.name, number(series.values.first()), number(series.values.last()))
}

/// Where counts stand.
struct Scale {
    /// The count at the upper end; not 0.
    top: u64,
}

impl Scale {
    fn y(&self, count: u64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * count as f64 / self.top as f64
    }
}

/// The distance of the lines across: 1, 2 or 5 of a power of ten, so that there are about five of them.
fn step(highest: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for step in [1, 2, 5] {
            let step = power.saturating_mul(step);
            if highest / step <= 5 {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_across_are_round_and_few() {
        assert_eq!([1, 5, 6, 29, 30, 999, 12_345].map(step), [1, 1, 2, 5, 10, 200, 5_000].map(|n: u64| n));
        assert_eq!(step(u64::MAX), 5_000_000_000_000_000_000);
    }
}
