const faker = require("internal/faker");
faker.seed(1);
const first = [faker.name.firstName(), faker.internet.email()];
faker.seed(1);
equal([faker.name.firstName(), faker.internet.email()], first);
equal(/^\S+@\S+\.\S+$/.test(first[1]), true);
