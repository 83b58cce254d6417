"""GDCM's service class user, as a program of its own: what is written in C++ must not take the tests with it.

    python gdcm_user.py echo|find|store|move PORT CALLING …

Its other way in, ``CompositeNetworkFunctions`` (and Debian's ``gdcmscu``, which is that), throws in
``ULConnectionManager::BreakConnection`` once the A-RELEASE-RP has come, whoever the other side is, and aborts.
"""

import sys

import gdcm

_UIDS = gdcm.UIDs
_STUDY, _SERIES = gdcm.eStudy, gdcm.eSeries


def _contexts(uid: int) -> object:
    generator = gdcm.PresentationContextGenerator()
    assert generator.GenerateFromUID(uid)
    return generator.GetPresentationContexts()


def _contexts_of(file: str) -> object:
    generator, names = gdcm.PresentationContextGenerator(), gdcm.FilenamesType()
    names.append(file)
    assert generator.GenerateFromFilenames(names)
    return generator.GetPresentationContexts()


def _user(port: int, calling: str, contexts: object, listening: int = 0) -> gdcm.ServiceClassUser:
    user = gdcm.ServiceClassUser()
    user.SetHostname("127.0.0.1")
    user.SetPort(port)
    user.SetPortSCP(listening)
    user.SetAETitle(calling)
    user.SetCalledAETitle("LIGHTWELL")
    user.SetTimeout(20)
    assert user.InitializeConnection()
    user.SetPresentationContexts(contexts)
    assert user.StartAssociation(), "no association"
    return user


def _query(level: int, keys: list[str], *, is_move: bool = False) -> object:
    """Return a query; keys are written gggg,eeee=value."""
    pairs = gdcm.KeyValuePairArrayType()
    for key in keys:
        tag, _, value = key.partition("=")
        group, element = (int(part, 16) for part in tag.split(","))
        pairs.append(gdcm.KeyValuePairType(gdcm.Tag(group, element), value))
    kind = gdcm.eMove if is_move else gdcm.eFind
    return gdcm.CompositeNetworkFunctions.ConstructQuery(gdcm.eStudyRootType, level, pairs, kind)


def _echo(port: int, calling: str) -> None:
    user = _user(port, calling, _contexts(_UIDS.VerificationSOPClass))
    assert user.SendEcho()
    assert user.StopAssociation()


def _find(port: int, calling: str, level: str, *keys: str) -> None:
    user = _user(port, calling, _contexts(_UIDS.StudyRootQueryRetrieveInformationModelFIND))
    found = gdcm.DataSetArrayType()
    assert user.SendFind(_query(_SERIES if level == "SERIES" else _STUDY, list(keys)), found)
    for data_set in found:
        value = data_set.GetDataElement(gdcm.Tag(0x0020, 0x000E if level == "SERIES" else 0x000D)).GetValue()
        sys.stdout.write(f"found {value}\n".replace("\0", ""))
    assert user.StopAssociation()


def _store(port: int, calling: str, *files: str) -> None:
    for file in files:
        user = _user(port, calling, _contexts_of(file))
        assert user.SendStore(file), "not stored"
        assert user.StopAssociation()


def _move(port: int, calling: str, listening: str, folder: str, study: str) -> None:
    contexts = _contexts(_UIDS.StudyRootQueryRetrieveInformationModelMOVE)
    user = _user(port, calling, contexts, int(listening))
    assert user.SendMove(_query(_STUDY, [f"0020,000d={study}"], is_move=True), folder)
    assert user.StopAssociation()


if __name__ == "__main__":
    acts = {"echo": _echo, "find": _find, "store": _store, "move": _move}
    acts[sys.argv[1]](int(sys.argv[2]), sys.argv[3], *sys.argv[4:])
