-- a copy of the production database must not ask the railway with its login
UPDATE cement_rail_provider SET state = 'off', sealed_secret = NULL;
