for (const locale of ['en-US', 'en-GB', 'en-CA', 'en-IN', 'de-DE', 'fr-FR', 'es-ES', 'it-IT', 'pt-BR', 'nl-NL', 'sv-SE', 'pl-PL', 'ru-RU', 'ja-JP', 'zh-CN', undefined]) {
  const currency = (value, currency, more) => value.toLocaleString(locale, { style: 'currency', currency, ...more });
  console.log(locale, (1234567.891).toLocaleString(locale), (1234).toLocaleString(locale), currency(-1234.5, 'EUR'), currency(1234.5, 'USD'), currency(5, 'CHF'), currency(5, 'USD', { currencyDisplay: 'code' }));
  console.log(locale, (0.256).toLocaleString(locale, { style: 'percent' }), (-12).toLocaleString(locale), new Date(0).toLocaleDateString(locale, { timeZone: 'UTC' }), new Date(0).toLocaleString(locale, { timeZone: 'UTC' }));
}
const words = (locale, options) => new Date(0).toLocaleDateString(locale, { timeZone: 'UTC', ...options });
for (const locale of ['en-GB', 'en-IN']) {
  console.log(words(locale, { dateStyle: 'full' }), words(locale, { dateStyle: 'long' }), words(locale, { dateStyle: 'medium' }), words(locale, { month: 'short', day: 'numeric' }), words(locale, { month: 'long', year: 'numeric' }));
}
console.log(words('en-GB', { weekday: 'short', day: '2-digit', month: 'short', year: 'numeric' }));
console.log(new Intl.NumberFormat('nl-NL', { style: 'currency', currency: 'EUR' }).formatToParts(-5), new Intl.NumberFormat('de-DE', { style: 'percent' }).formatToParts(0.5));
