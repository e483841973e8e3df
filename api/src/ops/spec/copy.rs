//! What a copy of a container leaves to the one that it is a copy of.

use super::ContainerSpec;
use crate::ops::body::says_whose;

impl ContainerSpec {
    /// Takes out what only one container can be or have while the other is there: its place in a stack, its addresses, and
    /// the names that it is found by. Whether there was any. The name itself stays, since whoever asks knows which is free.
    pub fn leave_to_original(&mut self) -> bool {
        let before = self.body.clone();
        self.body.labels.retain(|label, _| !says_whose(label));
        for endpoint in self.body.networking.endpoints.values_mut() {
            endpoint.ipam = super::Ipam::default();
            endpoint.mac.clear();
            endpoint.aliases.clear();
        }
        self.body != before
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_run;

    #[test]
    fn a_copy_is_no_second_one_of_its_service() {
        let mut spec = read_run(
            "docker run --name shop-web-1 -l com.docker.compose.project=shop -l com.docker.compose.service=web \
             -l longshore.apply=7 -l team=till -e A=1 --network name=shop_default,alias=web,alias=shop-web-1,alias=till,ip=10.1.2.3 \
             --mac-address 92:d0:c6:0a:29:33 nginx",
        )
        .expect("a line")
        .spec;
        assert!(spec.leave_to_original());
        assert_eq!(spec.body.labels.keys().collect::<Vec<_>>(), ["team"]);
        let endpoint = &spec.body.networking.endpoints["shop_default"];
        assert!(endpoint.aliases.is_empty(), "{:?}", endpoint.aliases);
        assert_eq!((endpoint.ipam.ip.as_str(), endpoint.mac.as_str()), ("", ""));
        assert_eq!((spec.name.as_str(), spec.body.env.as_slice()), ("shop-web-1", &["A=1".to_owned()][..]));
        // What is left is anybody's.
        assert!(!spec.leave_to_original());
    }
}
