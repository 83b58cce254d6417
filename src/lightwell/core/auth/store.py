"""The SQL of signing in."""

from typing import Final

ACCOUNT: Final = """
SELECT id, username, display_name, password_hash, locale, is_active FROM core.account WHERE username = %(username)s
"""
MEMBERSHIPS: Final = """
SELECT m.organisation_id, o.code, o.name, o.name_en, m.role
FROM core.membership AS m JOIN core.organisation AS o ON o.id = m.organisation_id
WHERE m.account_id = %(account_id)s ORDER BY m.organisation_id
"""
CREATE_ACCOUNT: Final = """
INSERT INTO core.account (username, display_name, password_hash, locale)
VALUES (%(username)s, %(display_name)s, %(password_hash)s, %(locale)s)
ON CONFLICT (username) DO NOTHING RETURNING id
"""
SET_PASSWORD: Final = """
UPDATE core.account SET password_hash = %(password_hash)s WHERE username = %(username)s RETURNING id
"""
SET_ACTIVE: Final = "UPDATE core.account SET is_active = %(is_active)s WHERE username = %(username)s RETURNING id"
ADD_MEMBERSHIP: Final = """
INSERT INTO core.membership (account_id, organisation_id, role) VALUES (%(account_id)s, %(organisation_id)s, %(role)s)
ON CONFLICT DO NOTHING
"""
ACCOUNTS: Final = """
SELECT a.username, a.display_name, a.is_active, coalesce(string_agg(o.code || ':' || m.role, ' ' ORDER BY o.code), '')
FROM core.account AS a
LEFT JOIN core.membership AS m ON m.account_id = a.id
LEFT JOIN core.organisation AS o ON o.id = m.organisation_id
GROUP BY a.id ORDER BY a.username
"""

TAKE_MEMBERSHIP: Final = """
DELETE FROM core.membership
WHERE account_id = %(account_id)s AND organisation_id = %(organisation_id)s AND role = %(role)s RETURNING role
"""
# Everybody who has a role in one of the organisations; is_ours tells that they have none elsewhere.
PEOPLE: Final = """
SELECT a.username, a.display_name, a.locale, a.is_active, a.created_at,
    jsonb_agg(jsonb_build_object('organisation_id', m.organisation_id, 'role', m.role)
              ORDER BY m.organisation_id, m.role) FILTER (WHERE m.organisation_id = ANY (%(organisations)s)),
    bool_and(m.organisation_id = ANY (%(organisations)s))
FROM core.account AS a JOIN core.membership AS m ON m.account_id = a.id
GROUP BY a.id HAVING bool_or(m.organisation_id = ANY (%(organisations)s)) ORDER BY a.username
"""

CREATE_SESSION: Final = """
INSERT INTO core.session (token_hash, account_id, expires_at) VALUES (%(token_hash)s, %(account_id)s, %(expires_at)s)
"""
# Seeing a session also notes when it was last used, at most once in ten seconds.
SESSION: Final = """
WITH touched AS (
    UPDATE core.session SET last_seen_at = now()
    WHERE token_hash = %(token_hash)s AND locked_at IS NULL AND last_seen_at < now() - interval '10 seconds'
      AND last_seen_at > now() - make_interval(secs => %(idle_lock_s)s)
)
SELECT s.account_id, a.username, a.display_name, a.password_hash, a.locale, a.is_active,
       (s.locked_at IS NOT NULL OR s.last_seen_at < now() - make_interval(secs => %(idle_lock_s)s)) AS is_locked
FROM core.session AS s JOIN core.account AS a ON a.id = s.account_id
WHERE s.token_hash = %(token_hash)s AND s.expires_at > now() AND a.is_active
"""
LOCK_SESSION: Final = "UPDATE core.session SET locked_at = now() WHERE token_hash = %(token_hash)s"
UNLOCK_SESSION: Final = """
UPDATE core.session SET locked_at = NULL, last_seen_at = now() WHERE token_hash = %(token_hash)s
"""
END_SESSION: Final = "DELETE FROM core.session WHERE token_hash = %(token_hash)s"
END_OLD_SESSIONS: Final = "DELETE FROM core.session WHERE expires_at < now()"
END_SESSIONS_OF: Final = "DELETE FROM core.session WHERE account_id = %(account_id)s"

CREATE_TOKEN: Final = """
INSERT INTO core.api_token (token_hash, account_id, label, expires_at)
VALUES (%(token_hash)s, %(account_id)s, %(label)s, %(expires_at)s)
"""
TOKEN: Final = """
SELECT t.account_id, a.username, a.display_name, a.password_hash, a.locale, a.is_active
FROM core.api_token AS t JOIN core.account AS a ON a.id = t.account_id
WHERE t.token_hash = %(token_hash)s AND (t.expires_at IS NULL OR t.expires_at > now()) AND a.is_active
"""
TOKENS: Final = """
SELECT t.id, a.username, t.label, t.created_at, t.expires_at
FROM core.api_token AS t
JOIN core.account AS a ON a.id = t.account_id
JOIN core.membership AS m ON m.account_id = a.id
GROUP BY t.id, a.id, t.token_hash HAVING bool_and(m.organisation_id = ANY (%(organisations)s)) ORDER BY t.id DESC
"""
REVOKE_TOKEN: Final = "DELETE FROM core.api_token WHERE id = %(id)s"

ATTEMPT: Final = "INSERT INTO core.sign_in_attempt (attempted_key) VALUES (%(key)s)"
ATTEMPTS: Final = """
SELECT count(*), coalesce(extract(epoch FROM min(at) + make_interval(secs => %(window_s)s) - now()), 0)::integer
FROM core.sign_in_attempt
WHERE attempted_key = %(key)s AND at > now() - make_interval(secs => %(window_s)s)
"""
FORGET_ATTEMPTS: Final = "DELETE FROM core.sign_in_attempt WHERE attempted_key = %(key)s"
FORGET_OLD_ATTEMPTS: Final = "DELETE FROM core.sign_in_attempt WHERE at < now() - interval '1 day'"

ORGANISATIONS: Final = "SELECT id, code, name, name_en FROM core.organisation ORDER BY id"
CREATE_ORGANISATION: Final = """
INSERT INTO core.organisation (code, name, name_en) VALUES (%(code)s, %(name)s, %(name_en)s)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en RETURNING id
"""
ADD_ORGANISATION: Final = """
INSERT INTO core.organisation (code, name, name_en) VALUES (%(code)s, %(name)s, %(name_en)s)
ON CONFLICT (code) DO NOTHING RETURNING id
"""
RENAME_ORGANISATION: Final = """
UPDATE core.organisation SET name = %(name)s, name_en = %(name_en)s WHERE id = %(id)s RETURNING id
"""

GRANT: Final = """
INSERT INTO core.access_grant
    (organisation_id, subject_organisation_id, kind, resource, purpose, reason, granted_by, until)
VALUES (%(organisation_id)s, %(subject_organisation_id)s, %(kind)s, %(resource)s, %(purpose)s, %(reason)s,
        %(granted_by)s, %(until)s)
RETURNING id
"""
REVOKE: Final = """
UPDATE core.access_grant SET revoked_at = now() WHERE id = %(id)s AND revoked_at IS NULL RETURNING organisation_id
"""

VIEWS: Final = """
SELECT name, search FROM core.saved_view WHERE account_id = %(account_id)s AND screen = %(screen)s ORDER BY name
"""
KEEP_VIEW: Final = """
INSERT INTO core.saved_view AS v (account_id, screen, name, search)
SELECT %(account_id)s, %(screen)s, %(name)s, %(search)s::jsonb
WHERE (SELECT count(*) FROM core.saved_view AS o
       WHERE o.account_id = %(account_id)s AND o.screen = %(screen)s AND o.name <> %(name)s) < %(most)s
ON CONFLICT (account_id, screen, name) DO UPDATE SET search = excluded.search
RETURNING name
"""
FORGET_VIEW: Final = """
DELETE FROM core.saved_view WHERE account_id = %(account_id)s AND screen = %(screen)s AND name = %(name)s
"""

PREFERENCES: Final = "SELECT key, value FROM core.preference WHERE account_id = %(account_id)s ORDER BY key"
PREFERENCE: Final = "SELECT value FROM core.preference WHERE account_id = %(account_id)s AND key = %(key)s"
SET_PREFERENCE: Final = """
INSERT INTO core.preference (account_id, key, value) VALUES (%(account_id)s, %(key)s, %(value)s::jsonb)
ON CONFLICT (account_id, key) DO UPDATE SET value = excluded.value, changed_at = now()
"""
FORGET_PREFERENCE: Final = "DELETE FROM core.preference WHERE account_id = %(account_id)s AND key = %(key)s"
