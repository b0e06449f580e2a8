tests.b = true;
tests['2'] = false;
tests['1'] = true;
tests.a = 0;
