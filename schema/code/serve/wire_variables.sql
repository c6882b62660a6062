create function peerage.wire_variables(chanspy boolean, record text)
  returns text
  language sql
  immutable
  parallel safe
  return 'PEERAGE_CHANSPY='
    || case
      when chanspy then 'yes'
      else 'no'
    end
    || ';PEERAGE_RECORD='
    || record;

comment on function peerage.wire_variables(boolean, text) is
  'What the dialplan knows of an account: PEERAGE_CHANSPY is yes or no, PEERAGE_RECORD is inactive, wav, wav49 or gsm.';
