create function peerage.transport_of(uri text)
  returns text
  language sql
  immutable
  parallel safe
  return coalesce(
    substring(split_part(lower(uri collate "C"), '^3btransport=', 2) from '^[a-z]+'),
    case
      when uri like 'sips:%' then 'tls'
      else 'udp'
    end
  );

comment on function peerage.transport_of(text) is 'The transport that a contact URI (as written, with `;` coded) asks for; without a parameter it is UDP, or TLS for sips (RFC 3261 section 19.1.2).';
