console.log((5).times((i) => i), (3.14159).round(2), (1234567).format(), (7).isOdd(), (255).hex(), (5).pad(3), (2).ordinalize(), (65).chr());
console.log((3.2).ceil(), (3.8).floor(), (-3).abs(), (3).upto(5), (8).isMultipleOf(4), (1234.5).format(2));
