"""These tests against Stripe's test mode: which key is taken, and that payer, page and books work, at the sandbox."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.payments.payers import AtSandbox, test_key_in

ROOT = Path(__file__).resolve().parents[2]
CHOSEN = (
    "test_paying.py::test_a_declined_card_and_an_unfinished_challenge_leave_the_order_open",
    "test_paying.py::test_money_that_is_not_what_was_agreed_goes_back_whole",
    "test_paying.py::test_stripe_away_for_a_moment_is_said_and_the_next_try_works",
    "test_taking_back.py::test_refunds_in_parts_take_back_what_one_refund_of_all_would",
    "test_without_us.py::test_news_of_a_refund_at_stripe_that_never_came_is_found_by_the_comparison",
    "test_webhooks.py::test_the_sandbox_tells_and_the_site_confirms_before_anybody_returns",
)


def in_test_mode(folder: Path, key: str, *tests: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run some of these tests with a key set."""
    command = [sys.executable, "-m", "pytest", "-o", "addopts=", "-qrs", "-p", "no:cacheprovider"]
    command.append(f"--basetemp={folder / 'theirs'}")
    chosen = [f"tests/payments/{test}" for test in tests]
    told = os.environ | {"STRIPE_TEST_KEY": key} | environment
    return subprocess.run([*command, *chosen], cwd=ROOT, env=told, capture_output=True, text=True)


@pytest.mark.browser
def test_the_same_tests_pass_by_the_hosted_page_at_an_account_that_others_use(sandbox, tmp_path):
    somebody = AtSandbox(sandbox)
    somebody.knobs(top_up="cad", take_fee="cad")
    ran = in_test_mode(tmp_path, "sk_test_standing_in", *CHOSEN, STRIPE_API_BASE=sandbox)
    assert ran.returncode == 0, ran.stdout
    assert "5 passed, 5 skipped" in ran.stdout
    for reason in ("fail", "its webhooks and its files"):
        assert f"needs the sandbox: {reason}" in ran.stdout
    paths = {call["path"] for call in somebody.knobs()["calls"]}
    assert not {path for path in paths if path.startswith("/knobs")}
    assert {"/v1/accounts", "/v1/transfers", "/v1/refunds"} <= paths


@pytest.mark.parametrize("key", ["sk_live_of_somebody", "rk_live_of_somebody", "pk_test_x", "sk_test-x", "zz"])
def test_a_key_that_may_move_real_money_is_refused_and_not_repeated(key):
    with pytest.raises(pytest.UsageError, match="STRIPE_TEST_KEY must begin with") as refused:
        test_key_in({"STRIPE_TEST_KEY": key})
    assert key not in str(refused.value)


def test_no_test_is_run_with_a_live_key(tmp_path):
    ran = in_test_mode(tmp_path, "sk_live_of_somebody", "test_ledger.py")
    assert ran.returncode != 0 and "passed" not in ran.stdout
    assert "STRIPE_TEST_KEY must begin with" in ran.stdout + ran.stderr


@pytest.mark.parametrize("key", ["sk_test_x", "rk_test_x"])
def test_a_key_of_a_test_mode_is_taken(key):
    assert test_key_in({"STRIPE_TEST_KEY": key}) == key


@pytest.mark.skipif("STRIPE_TEST_KEY" in os.environ, reason="a key is set")
def test_without_a_key_the_tests_are_at_the_sandbox(shop, sandbox):
    assert test_key_in({}) == ""
    assert isinstance(shop.browser, AtSandbox) and shop.address == sandbox
