create function peerage.registered_transport(fullcontact text, transports text)
  returns text
  language sql
  immutable
  parallel safe
  return case
    when fullcontact is not null and peerage.transport_of(fullcontact) = any (string_to_array(transports, ','))
      then array_to_string(
        peerage.transport_of(fullcontact) || array_remove(string_to_array(transports, ','), peerage.transport_of(fullcontact)),
        ','
      )
  end;

comment on function peerage.registered_transport(text, text) is 'Transports in order, with the one of a contact URI in front; null without a contact, or when its transport is not listed.';
