"""Addresses of second factors, passwords, sessions and locks."""

from __future__ import annotations

from django.urls import path

from tongwen.web.security import overview, passkeys, passwords, proving, staff, totp

urlpatterns = [
    path("second-step", proving.second_step, name="second-step"),
    path("second-step/passkey", passkeys.second_step, name="second-step-passkey"),
    path("second-step/passkey/answer", passkeys.second_step_answer, name="second-step-passkey-answer"),
    path("passkey", passkeys.log_in, name="login-passkey"),
    path("passkey/answer", passkeys.log_in_answer, name="login-passkey-answer"),
    path("password/forgotten", passwords.forgotten, name="forgotten-password"),
    path("password/link/<str:token>", passwords.reset_link, name="reset-link"),
    path("password/new", passwords.new, name="new-password"),
    path("me/security", overview.security, name="security"),
    path("me/security/invitation", proving.invitation, name="security-invitation"),
    path("me/security/app", totp.app, name="security-totp"),
    path("me/security/app/picture", totp.picture, name="security-totp-picture"),
    path("me/security/passkey", passkeys.register, name="security-passkey"),
    path("me/security/passkey/options", passkeys.register_options, name="security-passkey-options"),
    path("me/security/codes", totp.codes, name="security-codes"),
    path("me/security/factors/<slug:kind>/<int:factor_id>/name", overview.rename, name="security-rename"),
    path("me/security/factors/<slug:kind>/<int:factor_id>/remove", overview.remove, name="security-remove"),
    path("me/security/confirm", proving.confirm, name="security-confirm"),
    path("me/security/confirm/passkey", passkeys.confirm, name="security-confirm-passkey"),
    path("me/security/confirm/passkey/answer", passkeys.confirm_answer, name="security-confirm-passkey-answer"),
    path("me/security/password", passwords.change, name="security-password"),
    path("me/security/sessions/<uuid:session_id>/end", overview.end_session, name="security-end-session"),
    path("me/security/sessions/end-others", overview.end_others, name="security-end-others"),
    path("staff/security", staff.security, name="staff-security"),
    path("staff/security/policy", staff.policy, name="staff-security-policy"),
    path("staff/security/locks/<int:lock_id>/lift", staff.lift, name="staff-security-lift"),
    path("staff/security/people/<int:person_id>/reset", staff.reset, name="staff-security-reset"),
]
