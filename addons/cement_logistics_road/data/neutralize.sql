-- a copy of the production database must not follow real drivers
UPDATE cement_tracking_provider
   SET state = 'off', sealed_secret = NULL, token_digest = NULL, next_at = NULL;
