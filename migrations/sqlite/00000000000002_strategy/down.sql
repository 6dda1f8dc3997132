DROP TABLE cycles;
DROP TABLE templates;
DROP TABLE themes;
DROP TABLE strategy_letters;
