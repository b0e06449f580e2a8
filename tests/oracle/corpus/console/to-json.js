console.log({ toJSON () { return { replaced: true }; } }, { when: { toJSON: () => 'x' } });
