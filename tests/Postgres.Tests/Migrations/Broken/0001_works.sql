CREATE TABLE whole (id integer);
