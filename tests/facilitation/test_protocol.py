def test_probe(session, client_of, alice):
    from django.test import Client

    print(client_of(alice).get(f"/b/{session.code}/console").status_code)
