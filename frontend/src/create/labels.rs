//! What the folded flags are called in words.

use longshore_api::words::Words;

/// The word for what a flag sets; empty where the form has it elsewhere, under a word of its own.
pub(super) fn label(flag: &str, words: &Words) -> &'static str {
    match flag {
        "platform" => words.nf_platform(),
        "rm" => words.nf_rm(),
        "tty" => words.nf_tty(),
        "interactive" => words.nf_interactive(),
        "ip" => words.nf_ip(),
        "ip6" => words.nf_ip6(),
        "link-local-ip" => words.nf_link_local_ip(),
        "mac-address" => words.nf_mac_address(),
        "link" => words.nf_link(),
        "hostname" => words.nf_hostname(),
        "domainname" => words.nf_domainname(),
        "expose" => words.nf_expose(),
        "publish-all" => words.nf_publish_all(),
        "add-host" => words.nf_add_host(),
        "dns" => words.nf_dns(),
        "dns-option" => words.nf_dns_option(),
        "dns-search" => words.nf_dns_search(),
        "mount" => words.nf_mount(),
        "tmpfs" => words.nf_tmpfs(),
        "volumes-from" => words.nf_volumes_from(),
        "volume-driver" => words.nf_volume_driver(),
        "storage-opt" => words.nf_storage_opt(),
        "shm-size" => words.nf_shm_size(),
        "device" => words.nf_device(),
        "device-cgroup-rule" => words.nf_device_cgroup_rule(),
        "gpus" => words.nf_gpus(),
        "read-only" => words.nf_read_only(),
        "user" => words.nf_user(),
        "group-add" => words.nf_group_add(),
        "workdir" => words.nf_workdir(),
        "entrypoint" => words.nf_entrypoint(),
        "init" => words.nf_init(),
        "stop-signal" => words.nf_stop_signal(),
        "stop-timeout" => words.nf_stop_timeout(),
        "health-interval" => words.nf_health_interval(),
        "health-timeout" => words.nf_health_timeout(),
        "health-retries" => words.nf_health_retries(),
        "health-start-period" => words.nf_health_start_period(),
        "health-start-interval" => words.nf_health_start_interval(),
        "no-healthcheck" => words.nf_no_healthcheck(),
        "memory-reservation" => words.nf_memory_reservation(),
        "memory-swap" => words.nf_memory_swap(),
        "memory-swappiness" => words.nf_memory_swappiness(),
        "kernel-memory" => words.nf_kernel_memory(),
        "oom-kill-disable" => words.nf_oom_kill_disable(),
        "oom-score-adj" => words.nf_oom_score_adj(),
        "pids-limit" => words.nf_pids_limit(),
        "ulimit" => words.nf_ulimit(),
        "cpu-shares" => words.nf_cpu_shares(),
        "cpu-period" => words.nf_cpu_period(),
        "cpu-quota" => words.nf_cpu_quota(),
        "cpu-rt-period" => words.nf_cpu_rt_period(),
        "cpu-rt-runtime" => words.nf_cpu_rt_runtime(),
        "cpuset-cpus" => words.nf_cpuset_cpus(),
        "cpuset-mems" => words.nf_cpuset_mems(),
        "blkio-weight" => words.nf_blkio_weight(),
        "blkio-weight-device" => words.nf_blkio_weight_device(),
        "device-read-bps" => words.nf_device_read_bps(),
        "device-write-bps" => words.nf_device_write_bps(),
        "device-read-iops" => words.nf_device_read_iops(),
        "device-write-iops" => words.nf_device_write_iops(),
        "privileged" => words.nf_privileged(),
        "cap-add" => words.nf_cap_add(),
        "cap-drop" => words.nf_cap_drop(),
        "security-opt" => words.nf_security_opt(),
        "userns" => words.nf_userns(),
        "pid" => words.nf_pid(),
        "ipc" => words.nf_ipc(),
        "uts" => words.nf_uts(),
        "cgroupns" => words.nf_cgroupns(),
        "cgroup-parent" => words.nf_cgroup_parent(),
        "sysctl" => words.nf_sysctl(),
        "log-driver" => words.nf_log_driver(),
        "log-opt" => words.nf_log_opt(),
        "runtime" => words.nf_runtime(),
        "annotation" => words.nf_annotation(),
        "isolation" => words.nf_isolation(),
        "cpu-count" => words.nf_cpu_count(),
        "cpu-percent" => words.nf_cpu_percent(),
        "io-maxbandwidth" => words.nf_io_maxbandwidth(),
        "io-maxiops" => words.nf_io_maxiops(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use longshore_api::{
        ops::spec::{FLAGS, Group},
        words::Locale,
    };

    use super::*;

    #[test]
    fn every_folded_flag_has_a_word() {
        for flag in FLAGS.iter().filter(|flag| Group::FOLDED.contains(&flag.group)) {
            for locale in Locale::ALL {
                assert!(!label(flag.name, locale.words()).is_empty(), "{}", flag.name);
            }
        }
    }
}
