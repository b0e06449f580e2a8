console.log(typeof Intl, ['b', 'a', 'C'].sort((x, y) => x.localeCompare(y)), 'a'.localeCompare('b'), 'ä'.normalize('NFD').length, 'I'.toLocaleLowerCase(), new Intl.PluralRules('en-US').select(1));
