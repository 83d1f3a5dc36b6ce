/** Time zones of people: names of the IANA database only. */
import { invalid } from '#kernel';

/** The zone's name as given, or 422 for one that is not known. */
export function checkTimeZone(name: string): string {
  try {
    // Region/City names and UTC only: abbreviations and offsets do not follow daylight saving.
    if (name !== 'UTC' && !name.includes('/')) throw new RangeError(name);
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    throw invalid(`“${name.slice(0, 40)}” is not a time zone`, 'security.time_zone', [
      { path: 'timeZone', message: 'Use a name such as Europe/Berlin or UTC' },
    ]);
  }
}
