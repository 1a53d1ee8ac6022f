-- What the organization's files declare of limits and grants, as read last: what holds is the narrower of it and of what is ratified.
alter table organization add column declared jsonb;

-- Evidence is added and never changed, by whoever owns the tables too.
create trigger decision_append_only before update or delete on decision for each row execute function refuse_change();
create trigger warrant_append_only before update or delete on warrant for each row execute function refuse_change();
create trigger amendment_vote_append_only before update or delete on amendment_vote for each row execute function refuse_change();
create trigger group_append_only before update or delete on event_group for each row execute function refuse_change();

-- A vote becomes void once, with the reason; only a void one gives way, to a new vote of the same person with an event of its own.
create function refuse_vote_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (old.org, old.proposal, old.person) = (new.org, new.proposal, new.person) then
    if old.void_because is null and new.void_because is not null and to_jsonb(new) - 'void_because' = to_jsonb(old) - 'void_because' then
      return new;
    end if;
    if old.void_because is not null and new.void_because is null and new.event <> old.event then
      return new;
    end if;
  end if;
  raise exception 'the log is append-only';
end $$;
create trigger vote_append_only before update or delete on vote for each row execute function refuse_vote_change();

do $$
declare t text;
begin
  foreach t in array array['decision', 'warrant', 'vote', 'amendment_vote', 'event_group', 'event_cause', 'intent', 'receipt'] loop
    execute format('create trigger %I before truncate on %I execute function refuse_change()', t || '_no_truncate', t);
  end loop;
end $$;
