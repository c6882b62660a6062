drop table peerage.node_site;
