-- An amount has up to 78 digits. Sums of them, and their dollars in millionths, may have more; SQLite's texts have no end anyway.
ALTER TABLE spend_rules ALTER COLUMN max_spend TYPE numeric;
ALTER TABLE spend_buckets ALTER COLUMN held TYPE numeric, ALTER COLUMN total TYPE numeric;
ALTER TABLE spend_holds ALTER COLUMN amount TYPE numeric;
ALTER TABLE spend_events ALTER COLUMN amount TYPE numeric, ALTER COLUMN total_after TYPE numeric;
