//! Lines that fit the terminal: wrapped paragraphs, cut lines, a table.

use super::CliOptions;
use super::style::{Ink, Symbols};
use crate::report::text::{one_line, visible};
use std::borrow::Cow;
use textwrap::{Options, WordSplitter};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Narrowest page laid out; a narrower terminal wraps by itself.
const MIN_WIDTH: usize = 30;

/// Text under construction, laid out for one width. Everything put on it is made [`visible`] first.
pub(super) struct Page {
    options: CliOptions,
    /// The signs to use.
    pub(super) symbols: &'static Symbols,
    text: String,
}

impl Page {
    /// An empty page.
    pub(super) fn new(options: CliOptions) -> Self {
        Self { options, symbols: Symbols::of(options.unicode), text: String::new() }
    }

    /// What was put on it.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Columns to lay out for.
    pub(super) fn width(&self) -> usize {
        self.options.width.max(MIN_WIDTH)
    }

    /// An empty line.
    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A heading with a blank line above.
    pub(super) fn heading(&mut self, text: &str) {
        self.blank();
        self.para(0, (Ink::Plain, ""), (Ink::Bold, text));
    }

    /// A paragraph, wrapped between words, with a sign in front; its other lines begin under its first word.
    pub(super) fn para(&mut self, indent: usize, sign: (Ink, &str), (ink, text): (Ink, &str)) {
        let sign_width = if sign.1.is_empty() { 0 } else { sign.1.width() + 1 };
        let width = self.width().saturating_sub(indent + sign_width).max(MIN_WIDTH / 2);
        let text = visible(text);
        let options = Options::new(width)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        for (number, line) in textwrap::wrap(text.trim_end_matches('\n'), options).iter().enumerate() {
            let mut prefix = " ".repeat(indent);
            match number {
                _ if sign_width == 0 => {}
                0 => {
                    prefix += &sign.0.paint(sign.1, self.options.color);
                    prefix.push(' ');
                }
                _ => prefix += &" ".repeat(sign_width),
            }
            self.line(&prefix, &ink.paint(line, self.options.color));
        }
    }

    /// One line to be copied, whatever its length.
    pub(super) fn unwrapped(&mut self, indent: usize, sign: (Ink, &str), text: &str) {
        let sign = " ".repeat(indent) + &sign.0.paint(sign.1, self.options.color);
        self.line(&sign, &format!(" {}", one_line(text)));
    }

    /// Lines as they are, each cut at the page's edge; `ink` tells each line's colour.
    pub(super) fn verbatim(&mut self, indent: usize, text: &str, ink: impl Fn(&str) -> Ink) {
        let width = self.width().saturating_sub(indent).max(MIN_WIDTH / 2);
        for line in visible(text).lines() {
            let line = line.replace('\t', "    ");
            let shown = ink(&line).paint(&cut(&line, width, self.symbols.cut), self.options.color);
            self.line(&" ".repeat(indent), &shown);
        }
    }

    /// `METHOD url [right]` on one line, or with the bracket on a line of its own where the page is too narrow.
    pub(super) fn bracketed(&mut self, indent: usize, left: &str, (ink, right): (Ink, &str)) {
        let (left, right) = (visible(left), format!("[{}]", visible(right)));
        if indent + left.width() + 1 + right.width() <= self.width() {
            let right = ink.paint(&right, self.options.color);
            self.line(&" ".repeat(indent), &format!("{left} {right}"));
        } else {
            let (sign, rest) = left.split_once(' ').unwrap_or(("", &left));
            self.para(indent, (Ink::Plain, sign), (Ink::Plain, rest));
            self.para(indent + 2, (Ink::Plain, ""), (ink, &right));
        }
    }

    /// A table with a head; the first column to the left, the others to the right. A cell is red when its column
    /// is `alarm` and it is not `0`.
    pub(super) fn table(&mut self, rows: &[Vec<String>], alarm: usize) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |row: &Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
        let widths: Vec<usize> = (0..columns)
            .map(|column| rows.iter().map(|row| cell(row, column).width()).max().unwrap_or(0))
            .collect();
        let [a, b, c, d, e, f, g, h, i, dash, bar] = self.symbols.table;
        let rule = |left: &str, middle: &str, right: &str| {
            let dashes: Vec<String> = widths.iter().map(|width| dash.repeat(width + 2)).collect();
            format!("{left}{}{right}", dashes.join(middle))
        };
        self.line("", &rule(a, b, c));
        for (number, row) in rows.iter().enumerate() {
            let mut line = bar.to_owned();
            for (column, width) in widths.iter().enumerate() {
                let text = cell(row, column);
                let fill = " ".repeat(width - text.width());
                let ink = match () {
                    () if number == 0 => Ink::Dim,
                    () if column == alarm && text != "0" => Ink::Bad,
                    () => Ink::Plain,
                };
                let shown = ink.paint(&text, self.options.color);
                line += &if column == 0 { format!(" {shown}{fill} ") } else { format!(" {fill}{shown} ") };
                line += bar;
            }
            self.line("", &line);
            if number == 0 {
                self.line("", &rule(d, e, f));
            }
        }
        self.line("", &rule(g, h, i));
    }

    fn line(&mut self, prefix: &str, text: &str) {
        if !text.is_empty() {
            self.text += prefix;
            self.text += &no_command(text);
        }
        self.text.push('\n');
    }
}

/// A line that no CI takes for a command of its own: a server's answer, or a script's output, must not set variables of
/// a build. GitHub looks at the beginning of a line, Azure and TeamCity anywhere in it.
fn no_command(line: &str) -> Cow<'_, str> {
    let begins = line.trim_start().starts_with("::");
    if !begins && !line.contains("##") {
        return Cow::Borrowed(line);
    }
    let line =
        line.replace("##vso[", "##\\vso[").replace("##teamcity[", "##\\teamcity[").replace("##[", "##\\[");
    Cow::Owned(if begins { line.replacen("::", "\\::", 1) } else { line })
}

/// The text cut to so many columns, ending in `mark` when something is missing.
fn cut(text: &str, width: usize, mark: &str) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(mark.width());
    let mut shown = String::new();
    for c in text.chars() {
        let columns = c.width().unwrap_or(0);
        if columns > room {
            break;
        }
        room -= columns;
        shown.push(c);
    }
    shown + mark
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize) -> Page {
        Page::new(CliOptions { width, ..CliOptions::default() })
    }

    #[test]
    fn paragraphs_hang_under_their_first_word() {
        let mut page = page(30);
        page.para(2, (Ink::Good, "✓"), (Ink::Plain, "words that do not fit in thirty columns"));
        assert_eq!(page.into_text(), "  ✓ words that do not fit in\n    thirty columns\n");
    }

    #[test]
    fn no_line_is_a_command_of_a_ci() {
        let mut page = page(80);
        page.para(
            4,
            (Ink::Plain, ""),
            (Ink::Plain, "said\n::set-output name=a::b\n a::b ##vso[task.complete]"),
        );
        page.verbatim(0, "  ::error::x\n##teamcity[testFailed]", |_| Ink::Plain);
        let text = page.into_text();
        assert_eq!(
            text,
            "    said\n    \\::set-output name=a::b\n     a::b ##\\vso[task.complete]\n  \\::error::x\n##\\teamcity[testFailed]\n"
        );
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(cut("日本語テキスト", 7, "…"), "日本語…");
        assert_eq!(cut("exact", 5, "…"), "exact");
        assert_eq!(cut("too long", 6, "..."), "too...");
    }

    #[test]
    fn a_bracket_that_does_not_fit_gets_its_own_line() {
        let mut wide = page(60);
        wide.bracketed(2, "GET http://a/b", (Ink::Plain, "200 OK"));
        assert_eq!(wide.into_text(), "  GET http://a/b [200 OK]\n");
        let mut narrow = page(30);
        narrow.bracketed(2, "GET http://a/bcdefghijklm", (Ink::Plain, "200 OK"));
        assert_eq!(narrow.into_text(), "  GET http://a/bcdefghijklm\n    [200 OK]\n");
    }
}
