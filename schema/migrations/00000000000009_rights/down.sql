revoke all privileges on all tables in schema peerage from peerage_app;
revoke usage on schema peerage from peerage_app;
