alter table peerage.site drop constraint site_country_fk;
drop table peerage.country;
