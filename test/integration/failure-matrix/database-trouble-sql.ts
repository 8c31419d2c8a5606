const guarded = ['order_placement', 'payment', 'inventory', 'order_fulfillment', 'shipping'] as const;

const triggersOf = (schema: string): string => `
  CREATE TRIGGER trouble BEFORE INSERT ON ${schema}.guard FOR EACH ROW EXECUTE FUNCTION trouble.at_guard();
  ${answersOf(schema)}`;

const answersOf = (schema: string): string => `
  CREATE TRIGGER trouble BEFORE INSERT ON ${schema}.answer FOR EACH ROW EXECUTE FUNCTION trouble.at_answer();
  CREATE CONSTRAINT TRIGGER trouble_at_commit AFTER INSERT ON ${schema}.answer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trouble.at_answer();`;

/**
 * Triggers wherever processors write. How often an order came to a place is counted by a sequence, which a failed statement does not roll back.
 * Whoever connects from now on may take as long as it takes: a statement that hangs is cut off by nobody but the test.
 */
export const installation = `
  CREATE SCHEMA trouble;
  CREATE TABLE trouble.planned (
    id serial, request_id text, place text, deed text, nth int, gate int, seconds float8, PRIMARY KEY (request_id, place)
  );
  CREATE FUNCTION trouble.strike(an_order text, a_place text) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    planned trouble.planned;
    times bigint;
  BEGIN
    SELECT p.* INTO planned FROM mediator_store.flow JOIN trouble.planned AS p USING (request_id)
    WHERE flow.order_id = an_order AND p.place = a_place;
    IF NOT FOUND THEN RETURN; END IF;
    times := nextval(format('trouble.met_%s', planned.id)::regclass);
    IF planned.deed = 'fail-while-shut' THEN
      IF NOT pg_try_advisory_xact_lock_shared(7, planned.gate) THEN RAISE EXCEPTION 'The test says no at %.', a_place; END IF;
      RETURN;
    END IF;
    IF times < planned.nth OR times > planned.nth AND planned.deed <> 'hang-each-time' THEN RETURN; END IF;
    IF planned.deed = 'sleep' THEN PERFORM pg_sleep(planned.seconds); END IF;
    IF planned.deed LIKE 'hang%' THEN PERFORM pg_advisory_xact_lock_shared(7, planned.gate); END IF;
    IF planned.deed LIKE '%fail' THEN RAISE EXCEPTION 'The test says no at %.', a_place; END IF;
  END $$;
  CREATE FUNCTION trouble.at_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM trouble.strike(NEW.order_id, TG_TABLE_SCHEMA || CASE WHEN NEW.undone THEN '.tombstone' ELSE '.guard' END);
    RETURN NEW;
  END $$;
  CREATE FUNCTION trouble.at_answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM trouble.strike(NEW.order_id, TG_TABLE_SCHEMA || CASE TG_WHEN WHEN 'BEFORE' THEN '.answer ' ELSE '.commit ' END || NEW.command);
    RETURN NEW;
  END $$;
  CREATE FUNCTION trouble.at_purchase() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM trouble.strike(NEW.order_id, 'warehouse.purchase_order');
    RETURN NEW;
  END $$;
  CREATE FUNCTION trouble.at_mail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM trouble.strike(NEW.order_id, 'notification.' || CASE TG_OP WHEN 'INSERT' THEN 'claim ' ELSE 'mark ' END || NEW.kind);
    RETURN NEW;
  END $$;
  ${guarded.map(triggersOf).join('')}
  ${answersOf('warehouse')}
  CREATE TRIGGER trouble BEFORE INSERT ON warehouse.purchase_order FOR EACH ROW EXECUTE FUNCTION trouble.at_purchase();
  CREATE TRIGGER trouble BEFORE INSERT ON notification.mail FOR EACH ROW EXECUTE FUNCTION trouble.at_mail();
  CREATE CONSTRAINT TRIGGER trouble_at_commit AFTER UPDATE OF sent_at ON notification.mail
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trouble.at_mail();
  CREATE FUNCTION trouble.take_your_time() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM set_config('statement_timeout', '0', false);
  END $$;
  CREATE EVENT TRIGGER take_your_time ON login EXECUTE FUNCTION trouble.take_your_time()`;
