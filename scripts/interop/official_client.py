"""What a model developer does on SOMA, done with the official Python client against a practice server.

Run by `npm run interop`; the addresses come as JSON in the environment variable INTEROP. One line a step.
"""

import asyncio
import json
import math
import os
import struct
import sys
import urllib.request

from soma_sdk import Keypair, SomaClient

ADDRESSES = json.loads(os.environ["INTEROP"])
SHANNONS = 1_000_000_000
MODEL_STAKE = 1.0

passed = 0
failed = 0


def report(ok, name, detail=""):
    global passed, failed
    passed, failed = passed + ok, failed + (not ok)
    print(f"{'ok      ' if ok else 'FAILED  '}{name}{f' ({detail})' if detail else ''}", flush=True)


async def step(name, work, check=None):
    """Runs one call of the client; `check` answers whether its result is right."""
    try:
        result = await work if asyncio.iscoroutine(work) or asyncio.isfuture(work) else work
        right = check is None or check(result)
        report(bool(right), name, "" if right else f"unexpected: {str(result)[:300]}")
        return result
    except BaseException as error:  # noqa: BLE001 - a panic of the client's Rust code is no Exception
        report(False, name, f"{type(error).__name__}: {str(error)[:400]}")
        return None


async def refused(name, work, *words):
    """Runs a call that the network must refuse, in these words."""
    try:
        result = await work
        report(False, f"refused: {name}", f"was accepted: {str(result)[:200]}")
    except BaseException as error:  # noqa: BLE001
        text = str(error)
        missing = [word for word in words if word not in text]
        report(not missing, f"refused: {name}", f"{missing} not in: {text[:400]}" if missing else "")


def upload(name, data):
    url = f"{ADDRESSES['blobs']}/{name}"
    request = urllib.request.Request(url, data=data, method="PUT")
    with urllib.request.urlopen(request) as response:
        assert response.status == 201, response.status
    return url


def normal(address):
    return "0x" + address.removeprefix("0x").rjust(64, "0")


def distance(a, b):
    product = sum(x * y for x, y in zip(a, b))
    return 1 - product / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


def executed(effects):
    return effects.V1.status == "Success"


def created(effects):
    return [normal(id) for id, change in effects.V1.changed_objects if change["id_operation"] == "Created"]


async def active_model(client, model_id):
    models = await client.get_active_models()
    return next((model for model in models if normal(model.model_id) == normal(model_id)), None)


async def coins_of(client, address):
    return await client.list_owned_objects(address, "coin")


async def keys():
    words = " ".join(["abandon"] * 11 + ["about"])
    await step("keypair: generate", Keypair.generate(), lambda pair: len(pair.address()) == 64)
    secret = bytes(range(1, 33))
    address = "7573c697fa68450f04fa0dee2d39dcdc8a5ccf5db547f3e47638a6f8eeeec110"
    await step("keypair: from a secret key", Keypair.from_secret_key(secret), lambda pair: pair.address() == address)
    await step(
        "keypair: from a mnemonic",
        Keypair.from_mnemonic(words),
        lambda pair: pair.address() == "5e93a736d04fbb25737aa40bee40171ef79f65fae833749e3c089fe7cc2161f1",
    )


async def reads(client):
    await step("get_chain_identifier", client.get_chain_identifier(), lambda chain: chain == "practice")
    await step("get_server_version", client.get_server_version(), lambda version: version.startswith("soma-"))
    await step("get_protocol_version", client.get_protocol_version(), lambda version: version == 5)
    await step("get_architecture_version", client.get_architecture_version(), lambda version: version == 1)
    await step("get_embedding_dim", client.get_embedding_dim(), lambda dim: dim == 16)
    await step("get_model_min_stake", client.get_model_min_stake(), lambda stake: stake == SHANNONS)
    state = await step(
        "get_latest_system_state",
        client.get_latest_system_state(),
        lambda state: state.protocol_version == 5 and len(state.validators.validators) == 1,
    )
    await step("get_epoch", client.get_epoch(), lambda info: info.epoch == state.epoch)
    await step("get_targets", client.get_targets(), lambda targets: len(targets) > 0 and len(targets[0].embedding) == 16)
    latest = await step("get_latest_checkpoint", client.get_latest_checkpoint(), lambda one: state.epoch - one.data.epoch in (0, 1))
    if latest:
        number = latest.data.sequence_number
        await step(
            "get_checkpoint_summary",
            client.get_checkpoint_summary(number),
            lambda one: one.data.content_digest == latest.data.content_digest,
        )
    await step("scoring_health", client.scoring_health(), lambda healthy: healthy is True)
    await step(
        "get_next_epoch_timestamp",
        client.get_next_epoch_timestamp(),
        lambda at: at == state.epoch_start_timestamp_ms + state.parameters.epoch_duration_ms,
    )
    return state


async def money(client, one, two):
    for pair, calls in ((one, 5), (two, 3)):
        for _ in range(calls):
            await step("request_faucet", client.request_faucet(pair.address()), lambda reply: reply.coins_sent[0].amount == 2 * SHANNONS)
    await refused("faucet to no address", client.request_faucet("xyz"), "Invalid address")
    await step("get_balance", client.get_balance(one.address()), lambda balance: balance == 10)
    await step("merge_coins", client.merge_coins(one), executed)
    # The client keeps the gas coin and the one that it sends to itself.
    coins = await step("two coins after merging", coins_of(client, one.address()), lambda coins: len(coins) == 2)
    before = await client.get_balance(two.address())
    effects = await step("transfer_coin", client.transfer_coin(one, two.address(), 0.25), executed)
    await step("the transfer arrived", client.get_balance(two.address()), lambda balance: balance == before + 0.25)
    if effects:
        await step(
            "get_transaction",
            client.get_transaction(effects.V1.transaction_digest),
            lambda again: again.V1.transaction_digest == effects.V1.transaction_digest,
        )
    await step("pay_coins", client.pay_coins(one, [two.address(), two.address()], [0.125, 0.0625]))
    await step("both payments arrived", client.get_balance(two.address()), lambda balance: balance == before + 0.4375)
    await refused("transfer of more than there is", client.transfer_coin(one, two.address(), 1000.0), "nsufficient")
    if coins:
        await step("get_object", client.get_object(coins[0].id), lambda ref: normal(ref.id) == normal(coins[0].id))
    await refused("object that does not exist", client.get_object("0x" + "77" * 32), "not found")


async def publish(client, one, two, weights):
    """From nothing to an active model; answers its id."""
    embedding = [0.5 + index / 7 for index in range(16)]
    encrypted, key = SomaClient.encrypt_weights(weights)
    url = upload("model.enc", encrypted)
    await refused("create_model below the minimum stake", client.create_model(one, 1000, 0.5), "ModelMinStakeNotMet")
    await refused("create_model above 100 % commission", client.create_model(one, 10_001, MODEL_STAKE), "ModelCommissionRateTooHigh")
    model_id = await step("create_model", client.create_model(one, 1000, MODEL_STAKE), lambda text: len(text) >= 64)

    def commit(signer, key=key, embedding=embedding, model_id=model_id):
        return client.commit_model(signer, model_id, url, encrypted, key, embedding)

    await refused("reveal_model before commit", client.reveal_model(one, model_id, key, embedding), "Model in invalid state")
    await refused("commit_model by another", commit(two), "NotModelOwner")
    await refused("commit_model of nothing", commit(one, model_id="0x" + "ab" * 32), "ModelNotFound")
    await step("commit_model", commit(one), executed)
    await refused("commit_model again", commit(one), "Model in invalid state")
    await refused("reveal_model in the same epoch", client.reveal_model(one, model_id, key, embedding), "ModelRevealEpochMismatch")
    await refused("set_model_commission_rate while pending", client.set_model_commission_rate(one, model_id, 500), "ModelNotActive")

    epoch = (await client.get_epoch()).epoch
    await step("advance_epoch", client.advance_epoch(), lambda number: number == epoch + 1)
    other_key = SomaClient.encrypt_weights(weights)[1]
    await refused("reveal_model by another", client.reveal_model(two, model_id, key, embedding), "NotModelOwner")
    await refused("reveal_model with a wrong key", client.reveal_model(one, model_id, other_key, embedding), "ModelDecryptionKeyCommitmentMismatch")
    wrong = [*embedding[:-1], 9.0]
    await refused("reveal_model with a wrong embedding", client.reveal_model(one, model_id, key, wrong), "ModelEmbeddingCommitmentMismatch")
    await step("reveal_model", client.reveal_model(one, model_id, key, embedding), executed)
    model = await step("get_active_models", active_model(client, model_id), lambda model: model is not None)
    if model:
        exact = [struct.unpack("<f", struct.pack("<f", value))[0] for value in embedding]
        await step("its embedding is exact", list(model.embedding), lambda found: found == exact)
    await step("advance_epoch", client.advance_epoch(), lambda number: number == epoch + 2)
    await step("get_targets after it", client.get_targets(), lambda targets: len(targets) >= 100)
    manifests = await step("get_model_manifests", client.get_model_manifests([model_id]), lambda found: found[0].decryption_key == key and found[0].url == url)
    fetched = await step("fetch_model", client.fetch_model(model_id), lambda data: bytes(data) == bytes(encrypted))
    if manifests and fetched:
        await step("decrypt_weights", SomaClient.decrypt_weights(fetched, manifests[0].decryption_key), lambda plain: bytes(plain) == weights)
    return model_id


async def submit(client, one, two, model_id):
    """Scores data for a target and claims its reward."""
    data = b"The official client submits this sentence to a practice network. " * 3
    url = upload("submission.bin", data)
    targets = await client.get_targets(limit=200)
    ours = [target for target in targets if normal(model_id) in map(normal, target.model_ids)]
    await step("our model is routed to", len(ours), lambda count: count > 0)
    target = ours[0] if ours else targets[0]
    manifests = await step("get_model_manifests of a target", client.get_model_manifests(target), lambda found: len(found) == len(target.model_ids))
    score = await step(
        "score",
        client.score(url, manifests, target.embedding, data=data),
        lambda score: len(score.embedding) == 16 and math.isfinite(score.loss_score[0]),
    )
    await refused("score without models", client.score(url, [], target.embedding, data=data), "t least one model")
    if score is None:
        return
    winner = target.model_ids[score.winner]
    await step(
        "its distance is to the target",
        abs(score.distance[0] - distance(score.embedding, target.embedding)),
        lambda difference: difference < 1e-5,
    )
    # The same models and data score the same for every target that they share: take the nearest of those.
    same = [one for one in targets if one.model_ids == target.model_ids]
    target = min(same, key=lambda one: distance(score.embedding, one.embedding))
    near = distance(score.embedding, target.embedding)

    def send(model=winner, embedding=score.embedding, away=near, payload=data):
        return client.submit_data(one, target.id, payload, url, model, embedding, away, score.loss_score)

    await refused("submit_data above the threshold", send(away=target.distance_threshold + 0.01), "DistanceExceedsThreshold")
    await refused("submit_data for a model that the target does not have", send(model="0x" + "ab" * 32), "ModelNotInTarget")
    await refused("submit_data with another dimension", send(embedding=score.embedding[:-1]), "EmbeddingDimensionMismatch")
    await refused("submit_data of more than 1 MiB", send(payload=bytes(1_048_577)), "DataExceedsMaxSize")
    await step("submit_data", send(), executed)
    await refused("submit_data to a filled target", send(), "TargetNotOpen")
    await step(
        "list_targets: filled",
        client.list_targets(status="filled", submitter=one.address(), limit=1000),
        lambda page: any(normal(one.id) == normal(target.id) for one in page.targets),
    )
    await step("fetch_submission_data", client.fetch_submission_data(target.id), lambda fetched: bytes(fetched) == data)
    await refused("claim_rewards of an open target", client.claim_rewards(one, same[-1].id if same[-1].id != target.id else targets[-1].id), "TargetNotFilled")
    await refused("claim_rewards at once", client.claim_rewards(one, target.id), "AuditWindowOpen")
    await step("advance_epoch", client.advance_epoch())
    await refused("claim_rewards in the audit window", client.claim_rewards(one, target.id), "AuditWindowOpen")
    await step("advance_epoch", client.advance_epoch())
    await step(
        "get_targets: claimable",
        client.get_targets(claimable=True, limit=1000),
        lambda found: any(normal(one.id) == normal(target.id) for one in found),
    )
    before = await client.get_balance(one.address())
    await step("claim_rewards", client.claim_rewards(one, target.id), executed)
    await step("the reward arrived", client.get_balance(one.address()), lambda balance: balance > before)
    await refused("claim_rewards twice", client.claim_rewards(one, target.id), "TargetNotFound")
    await refused("report_submission by no validator", client.report_submission(two, target.id))


async def stake(client, one, two, model_id, state):
    validator = state.validators.validators[0].metadata.soma_address
    added = await step("add_stake_to_model", client.add_stake_to_model(two, model_id, 0.5), executed)
    await refused("add_stake_to_model of nothing", client.add_stake_to_model(two, "0x" + "ab" * 32, 0.1), "ModelNotFound")
    await step("add_stake", client.add_stake(two, validator, 1.0), executed)
    staked = await step("list_owned_objects: staked_soma", client.list_owned_objects(two.address(), "staked_soma"), lambda found: len(found) == 2)
    await step("advance_epoch", client.advance_epoch())
    if added and staked:
        mine = next(ref.id for ref in staked if normal(ref.id) in created(added))
        before = await client.get_balance(two.address())
        await step("withdraw_stake", client.withdraw_stake(two, mine), executed)
        await step("the stake came back", client.get_balance(two.address()), lambda balance: 0.49 < balance - before < 0.51)
        # No coin: the client draws its gas coin among all of them, and the network refuses to give that one away.
        others = [ref.id for ref in staked if ref.id != mine]
        await step("transfer_objects", client.transfer_objects(two, one.address(), others))


async def manage(client, one, two, model_id, weights):
    await refused("set_model_commission_rate by another", client.set_model_commission_rate(two, model_id, 500), "NotModelOwner")
    await refused("set_model_commission_rate above 100 %", client.set_model_commission_rate(one, model_id, 10_001), "ModelCommissionRateTooHigh")
    await step("set_model_commission_rate", client.set_model_commission_rate(one, model_id, 500))
    model = await step("it holds from the next epoch on", active_model(client, model_id), lambda model: model.next_epoch_commission_rate == 500)
    await refused("reveal_model without an update", client.reveal_model(one, model_id, SomaClient.encrypt_weights(weights)[1], list(model.embedding)), "ModelNoPendingUpdate")

    encrypted, key = SomaClient.encrypt_weights(weights)
    url = upload("update.enc", encrypted)
    embedding = [2.0 - index / 9 for index in range(16)]
    await step("update: commit_model", client.commit_model(one, model_id, url, encrypted, key, embedding))
    await step("update: it is pending", active_model(client, model_id), lambda model: model.has_pending_update)
    await step("advance_epoch", client.advance_epoch())
    await step("update: reveal_model", client.reveal_model(one, model_id, key, embedding))
    await step("update: the new manifest", client.get_model_manifests([model_id]), lambda found: found[0].url == url and found[0].decryption_key == key)
    await step("update: its commission", active_model(client, model_id), lambda model: model.commission_rate == 500)
    await refused("report_model by no validator", client.report_model(two, model_id), "NotAValidator")
    await refused("deactivate_model by another", client.deactivate_model(two, model_id), "NotModelOwner")
    await step("deactivate_model", client.deactivate_model(one, model_id), executed)
    await step("it is active no more", active_model(client, model_id), lambda model: model is None)
    await refused("deactivate_model twice", client.deactivate_model(one, model_id), "ModelNotActive")
    await refused("commit_model after the end", client.commit_model(one, model_id, url, encrypted, key, embedding), "Model in invalid state")
    await refused("add_stake_to_model after the end", client.add_stake_to_model(two, model_id, 0.1), "ModelAlreadyInactive")


async def main():
    with open(ADDRESSES["weights"], "rb") as file:
        weights = file.read()
    client = await SomaClient(
        ADDRESSES["rpc"],
        faucet_url=ADDRESSES["faucet"],
        scoring_url=ADDRESSES["scoring"],
        admin_url=ADDRESSES["admin"],
    )
    one, two = Keypair.generate(), Keypair.generate()
    await keys()
    state = await reads(client)
    await money(client, one, two)
    model_id = await publish(client, one, two, weights)
    await submit(client, one, two, model_id)
    await stake(client, one, two, model_id, state)
    await manage(client, one, two, model_id, weights)


try:
    asyncio.run(main())
except BaseException as error:  # noqa: BLE001 - the tally must be printed whatever happens
    report(False, "the run reached its end", f"{type(error).__name__}: {str(error)[:600]}")
print(f"{passed} passed, {failed} failed")
sys.stdout.flush()
# Without Python's own ending, in which a thread of the client that is still running may panic.
os._exit(0 if failed == 0 else 1)
