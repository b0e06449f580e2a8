'use strict';

/** Time zones for `Intl.DateTimeFormat`: the machine's own, UTC, and by the host those of the IANA database. */

const LONG = {
  EST: 'Eastern Standard Time', EDT: 'Eastern Daylight Time', CST: 'Central Standard Time', CDT: 'Central Daylight Time',
  MST: 'Mountain Standard Time', MDT: 'Mountain Daylight Time', PST: 'Pacific Standard Time', PDT: 'Pacific Daylight Time',
  AKST: 'Alaska Standard Time', AKDT: 'Alaska Daylight Time', HST: 'Hawaii-Aleutian Standard Time',
};

const UTC = ['UTC', 'GMT', 'ETC/UTC', 'ETC/GMT', 'ETC/UCT', 'ETC/GREENWICH', 'ETC/ZULU', 'UCT', 'ZULU'];

/**
 * @typedef {{name: string, offset: (ms: number) => number, abbreviation?: (ms: number) => string}} Zone
 * `offset` is in minutes east of Greenwich
 */

/** @returns {Zone} the machine's */
function local() {
  const offset = (ms) => -new Date(ms).getTimezoneOffset();
  const named = host.zoneName?.();
  if (named && !UTC.includes(named.toUpperCase())) {
    return { name: named, offset, abbreviation: (ms) => host.zone?.(named, ms)?.[1] ?? '' };
  }
  const minutes = offset(0);
  if (minutes === 0 && offset(1.7e12) === 0) return { name: 'UTC', offset };
    // Without a name, one that tells the offset; the database's signs are the wrong way round.
  const hours = minutes / 60;
  return { name: `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`, offset };
}

/** @param {string | undefined} requested @returns {Zone} */
function zone(requested) {
  if (requested === undefined) return local();
  const name = String(requested);
  if (UTC.includes(name.toUpperCase())) return { name: 'UTC', offset: () => 0 };
  const known = host.zone?.(name, 0);
  if (!known) throw new RangeError(`Invalid time zone specified: ${name}`);
  return { name: known[2] ?? name, offset: (ms) => host.zone(name, ms)[0], abbreviation: (ms) => host.zone(name, ms)[1] };
}

/** `GMT+5:30`, long `GMT+05:30`. */
function offsetName(minutes, long) {
  const sign = minutes < 0 ? '-' : '+';
  const hours = String(Math.floor(Math.abs(minutes) / 60));
  const rest = String(Math.abs(minutes) % 60).padStart(2, '0');
  if (long) return `GMT${sign}${hours.padStart(2, '0')}:${rest}`;
  return `GMT${sign}${hours}${rest === '00' ? '' : `:${rest}`}`;
}

/** The name of a zone in one of Intl's styles; American zones have names of their own. @param {Zone} its */
function zoneName(its, ms, style) {
  const minutes = its.offset(ms);
  if (style === 'shortOffset' || style === 'longOffset') return offsetName(minutes, style === 'longOffset');
  if (its.name === 'UTC' && style.endsWith('Generic')) return style === 'shortGeneric' ? 'GMT+0' : 'GMT+00:00';
  const long = style.startsWith('long');
  if (its.name === 'UTC') return long ? 'Coordinated Universal Time' : 'UTC';
  const short = /^(America|US|Pacific\/Honolulu)/.test(its.name) ? its.abbreviation?.(ms) : undefined;
  if (short !== undefined && short in LONG) return long ? LONG[short] : short;
  return offsetName(minutes, long);
}

module.exports = { zone, zoneName };
