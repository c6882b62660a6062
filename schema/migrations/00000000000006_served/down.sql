drop table peerage.sip_peer;
drop table peerage.pjsip_identify;
drop table peerage.pjsip_aor;
drop table peerage.pjsip_auth;
drop table peerage.pjsip_endpoint;
