use super::*;

/// Long enough for what is passed to arrive, on a machine that is not overwhelmed.
const MOMENT: Duration = Duration::from_millis(200);

/// A server that sends back what it gets, and a proxy to it.
fn echo() -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = Proxy::to(listener.local_addr().unwrap()).unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut bytes = [0; 1024];
                while let Ok(count @ 1..) = stream.read(&mut bytes) {
                    stream.write_all(&bytes[..count]).unwrap();
                }
            });
        }
    });
    proxy
}

fn connect(proxy: &Proxy) -> TcpStream {
    let stream = TcpStream::connect(proxy.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

fn read(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 5];
    stream.read_exact(&mut bytes).unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn it_passes_both_ways() {
    let proxy = echo();
    let mut client = connect(&proxy);
    client.write_all(b"hello").unwrap();
    assert_eq!(read(&mut client), "hello");
    assert_eq!(proxy.taken(), 1);
}

#[test]
fn what_stalls_arrives_when_it_passes_again() {
    let proxy = echo();
    let mut old = connect(&proxy);
    old.write_all(b"first").unwrap();
    assert_eq!(read(&mut old), "first");
    proxy.stall();
    let mut new = connect(&proxy);
    for client in [&mut old, &mut new] {
        client.write_all(b"later").unwrap();
        client.set_read_timeout(Some(MOMENT)).unwrap();
        let nothing = client.read(&mut [0; 5]).unwrap_err();
        assert_eq!(nothing.kind(), io::ErrorKind::WouldBlock);
        client.set_read_timeout(Some(PATIENCE)).unwrap();
    }
    proxy.pass();
    assert_eq!(read(&mut old), "later");
    assert_eq!(read(&mut new), "later");
}

#[test]
fn a_cut_ends_connections_even_stalled_ones_and_takes_new_ones() {
    let proxy = echo();
    let mut passing = connect(&proxy);
    passing.write_all(b"hello").unwrap();
    assert_eq!(read(&mut passing), "hello");
    proxy.stall();
    passing.write_all(b"never").unwrap();
    proxy.cut();
    // The end of the stream, or a reset.
    assert_eq!(passing.read(&mut [0; 5]).unwrap_or(0), 0);
    proxy.pass();
    let mut new = connect(&proxy);
    new.write_all(b"again").unwrap();
    assert_eq!(read(&mut new), "again");
}

#[test]
fn it_refuses_new_connections_until_it_passes_again() {
    let proxy = echo();
    let mut old = connect(&proxy);
    old.write_all(b"hello").unwrap();
    assert_eq!(read(&mut old), "hello");
    proxy.refuse();
    let refused = TcpStream::connect(proxy.address()).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    proxy.refuse();
    old.write_all(b"still").unwrap();
    assert_eq!(read(&mut old), "still");
    proxy.pass();
    let mut new = connect(&proxy);
    new.write_all(b"again").unwrap();
    assert_eq!(read(&mut new), "again");
}
