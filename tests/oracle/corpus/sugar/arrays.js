console.log([1, 2, 3].first(), [1, 2, 3].last(), [1, 2, 2, 3].unique(), [1, 2, 3].sum(), [1, 2, 3].average(), [3, 1, 2].max(), [3, 1, 2].min());
console.log([1, null, 2].compact(), [1, [2, [3]]].flatten(), [1, 2, 3].remove(2), [1, 2, 3, 4].inGroupsOf(2), ['a', 'b'].groupBy((s) => s), [1, 2].include(3));
console.log([1, 2, 3].exclude(1), [1, 2].intersect([2, 3]), [1, 2].union([2, 3]), [1, 2, 3].subtract([1]), [{ a: 2 }, { a: 1 }].sortBy('a'), [1, 2].isEmpty());
