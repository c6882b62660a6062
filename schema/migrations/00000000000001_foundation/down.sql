drop table peerage.view_install;
drop table peerage.node;
drop table peerage.site;
drop function peerage.is_address(text);
drop function peerage.are_number_patterns(text[]);
drop function peerage.are_names(text[]);
drop function peerage.are_groups(smallint[]);
drop function peerage.refuse(text, text, text, text, text);
