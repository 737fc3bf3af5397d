-- a copy of the production database must not be reachable for the real 1C
UPDATE cement_connector_backend
   SET state = 'disabled', secret_hash = NULL;
