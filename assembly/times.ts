const microsPerSecond: i64 = 1_000_000;
const microsPerDay: i64 = 86_400 * microsPerSecond;
/** A date and a time of day to the second; a zone comes behind it. */
const shortest: usize = 20;

/** Microseconds since the epoch of an RFC 3339 time, as `src/span/calendar.ts` reads it; NaN for every other text. */
export function readTime(from: usize, end: usize): f64 {
  if (
    end - from < shortest ||
    load<u8>(from, 4) != 0x2d ||
    load<u8>(from, 7) != 0x2d ||
    load<u8>(from, 10) != 0x54 ||
    load<u8>(from, 13) != 0x3a ||
    load<u8>(from, 16) != 0x3a
  ) {
    return NaN;
  }
  const century = twoDigits(from);
  const yearOfCentury = twoDigits(from + 2);
  const month = twoDigits(from + 5);
  const day = twoDigits(from + 8);
  const hour = twoDigits(from + 11);
  const minute = twoDigits(from + 14);
  const second = twoDigits(from + 17);
  if ((century | yearOfCentury | month | day | hour | minute | second) < 0) return NaN;
  if (hour > 23 || minute > 59 || second > 59 || month < 1 || month > 12 || day < 1) return NaN;
  const year = century * 100 + yearOfCentury;
  if (day > 28 && day > daysInMonth(year, month)) return NaN;

  let at = from + 19;
  let fraction: i64 = 0;
  if (load<u8>(at) == 0x2e) {
    at++;
    const first = at;
    let unit: i64 = 100_000;
    while (<u32>load<u8>(at) - 0x30 <= 9) {
      fraction += <i64>(load<u8>(at) - 0x30) * unit;
      unit /= 10;
      at++;
    }
    if (at == first) return NaN;
  }
  const seconds: i64 = hour * 3600 + minute * 60 + second;
  const utc = <i64>daysFromCivil(year, month, day) * microsPerDay + seconds * microsPerSecond + fraction;
  const zone: u32 = load<u8>(at);
  if (zone == 0x5a) return at + 1 == end ? <f64>utc : NaN;
  if ((zone != 0x2b && zone != 0x2d) || at + 6 != end || load<u8>(at, 3) != 0x3a) return NaN;
  const offsetHour = twoDigits(at + 1);
  const offsetMinute = twoDigits(at + 4);
  if ((offsetHour | offsetMinute) < 0 || offsetHour > 23 || offsetMinute > 59) return NaN;
  const offset = <i64>(offsetHour * 60 + offsetMinute) * 60 * microsPerSecond;
  return <f64>(zone == 0x2b ? utc - offset : utc + offset);
}

/** Below 0 where they are none. */
function twoDigits(at: usize): i32 {
  const tens: u32 = <u32>load<u8>(at) - 0x30;
  const units: u32 = <u32>load<u8>(at, 1) - 0x30;
  return tens <= 9 && units <= 9 ? <i32>(tens * 10 + units) : -1;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, `days_from_civil`). */
function daysFromCivil(year: i32, month: i32, day: i32): i32 {
  const shifted = month > 2 ? year : year - 1;
  const era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const yearOfEra = shifted - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month != 2) return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
}
