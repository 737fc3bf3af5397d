-- a copy of the production database must not follow real drivers
UPDATE cement_tracking_provider
   SET state = 'off', api_key = NULL, token_digest = NULL, next_poll_at = NULL;
