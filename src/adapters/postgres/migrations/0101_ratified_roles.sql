-- What somebody's roles are by ratification, beside those that hold: a role that is taken away takes no override away with it that bound its holder.
alter table person add column ratified_roles text[];
