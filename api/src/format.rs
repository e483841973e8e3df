//! Numbers, sizes and ages as `look.md` writes them: three figures, a space before the unit, none before %.

use crate::words::Locale;

/// A count with thousands separators: `1,284,031`, the same in both languages.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Memory in bytes, binary units: `2.86 GiB`.
pub fn memory(bytes: u64) -> String {
    scaled(bytes, 1024.0, &["B", "KiB", "MiB", "GiB", "TiB", "PiB"])
}

/// Disk or transfer in bytes, decimal units: `9.80 GB`.
pub fn disk(bytes: u64) -> String {
    scaled(bytes, 1000.0, &["B", "kB", "MB", "GB", "TB", "PB"])
}

fn scaled(bytes: u64, step: f64, units: &[&str]) -> String {
    let mut value = bytes as f64;
    let mut unit = 0;
    // 999.5 would print as 1000: that is the next unit's 1.00.
    while value >= step.min(999.5) && unit + 1 < units.len() {
        value /= step;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{} {}", three(value), units[unit]) }
}

fn three(value: f64) -> String {
    if value < 9.995 {
        fixed(value, 2)
    } else if value < 99.95 {
        fixed(value, 1)
    } else {
        fixed(value, 0)
    }
}

/// A figure of zero or more with so many decimals. Whole numbers are written, not floats: what writes those to the last
/// digit is as much code in the browser as a page.
pub fn fixed(value: f64, decimals: u32) -> String {
    let scale = 10_u64.pow(decimals);
    let scaled = (value * scale as f64).round() as u64;
    let whole = scaled / scale;
    match decimals {
        0 => whole.to_string(),
        _ => format!("{whole}.{:0width$}", scaled % scale, width = decimals as usize),
    }
}

/// A share in percent: `7.9%`, from 10 on without a decimal: `41%`.
pub fn percent(value: f64) -> String {
    fixed(value, u32::from(value < 9.95)) + "%"
}

/// How long something took: `0.4 s`, `38 s`, `3 min 41 s`, `2 h 5 min`; Chinese `0.4 秒`, `3 分 41 秒`, `2 小时 5 分`. Below
/// zero (a clock that was set back) it reads as nothing.
pub fn took(milliseconds: i64, locale: Locale) -> String {
    let milliseconds = milliseconds.max(0);
    let seconds = milliseconds / 1000;
    let (second, minute, hour) = match locale {
        Locale::En => ("s", "min", "h"),
        Locale::ZhCn => ("秒", "分", "小时"),
    };
    match seconds {
        0..10 => format!("{} {second}", fixed(milliseconds as f64 / 1000.0, 1)),
        10..60 => format!("{seconds} {second}"),
        60..3_600 => format!("{} {minute} {} {second}", seconds / 60, seconds % 60),
        _ => format!("{} {hour} {} {minute}", seconds / 3_600, seconds / 60 % 60),
    }
}

/// How long ago, in the largest unit that says something: `6 min`, `3 h`, `41 d`; Chinese `6 分钟`, `3 小时`, `41 天`.
/// `milliseconds` below zero (a host's clock ahead of ours) reads as just now.
pub fn age(milliseconds: i64, locale: Locale) -> String {
    let seconds = (milliseconds / 1000).max(0);
    let (n, en, zh) = match seconds {
        0..60 => (seconds, "s", "秒"),
        60..3_600 => (seconds / 60, "min", "分钟"),
        3_600..86_400 => (seconds / 3_600, "h", "小时"),
        _ => (seconds / 86_400, "d", "天"),
    };
    match locale {
        Locale::En => format!("{n} {en}"),
        Locale::ZhCn => format!("{n} {zh}"),
    }
}

/// An engine's id as people write it: without the algorithm, twelve digits.
pub fn short_id(id: &str) -> String {
    id.rsplit(':').next().unwrap_or_default().chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_is_said_in_two_units() {
        let said = |ms| (took(ms, Locale::En), took(ms, Locale::ZhCn));
        assert_eq!(said(-5), ("0.0 s".to_owned(), "0.0 秒".to_owned()));
        assert_eq!(said(1_240), ("1.2 s".to_owned(), "1.2 秒".to_owned()));
        assert_eq!(said(38_900), ("38 s".to_owned(), "38 秒".to_owned()));
        assert_eq!(said(221_000), ("3 min 41 s".to_owned(), "3 分 41 秒".to_owned()));
        assert_eq!(said(7_500_000), ("2 h 5 min".to_owned(), "2 小时 5 分".to_owned()));
    }

    #[test]
    fn sizes_keep_three_figures() {
        assert_eq!(memory(0), "0 B");
        assert_eq!(memory(536_870_912), "512 MiB");
        assert_eq!(memory(1023 * 1024), "1.00 MiB");
        assert_eq!(memory(3_070_000_000), "2.86 GiB");
        assert_eq!(disk(9_800_000_000), "9.80 GB");
        assert_eq!(disk(92_000_000), "92.0 MB");
    }

    #[test]
    fn decimals_are_rounded_and_filled_up() {
        assert_eq!(fixed(1.005, 1), "1.0");
        assert_eq!(fixed(0.06, 1), "0.1");
        assert_eq!(fixed(2.0, 2), "2.00");
        assert_eq!(fixed(0.004, 2), "0.00");
        assert_eq!(fixed(41.5, 0), "42");
    }

    #[test]
    fn percent_and_counts_read_as_in_the_design() {
        assert_eq!(percent(7.94), "7.9%");
        assert_eq!(percent(9.97), "10%");
        assert_eq!(percent(104.2), "104%");
        assert_eq!(count(7), "7");
        assert_eq!(count(103_000), "103,000");
    }

    #[test]
    fn ages_speak_both_languages() {
        assert_eq!(age(6 * 60_000, Locale::En), "6 min");
        assert_eq!(age(41 * 86_400_000, Locale::ZhCn), "41 天");
        assert_eq!(age(-5, Locale::En), "0 s");
    }
}
