//! Where templates belong. Ours are of this list; foreign ones say what they like.

use crate::words::Words;

/// The key in a template's file, and its words.
pub const ALL: &[(&str, &str, &str)] = &[
    ("analytics", "Analytics", "数据分析"),
    ("automation", "Automation", "自动化"),
    ("cache", "Cache", "缓存"),
    ("database", "Database", "数据库"),
    ("development", "Development", "开发"),
    ("files", "Files", "文件"),
    ("home", "Home", "智能家居"),
    ("monitoring", "Monitoring", "监控"),
    ("office", "Office", "办公"),
    ("proxy", "Proxy", "代理"),
    ("publishing", "Publishing", "内容发布"),
    ("queue", "Queue", "消息队列"),
    ("search", "Search", "搜索"),
    ("security", "Security", "安全"),
    ("tools", "Tools", "工具"),
    ("web", "Web", "Web 服务"),
];

/// The words of one of our categories; a foreign one whose name is the same has both languages too.
pub fn words(key: &str) -> Option<Words> {
    let found =
        ALL.iter().find(|(known, en, _)| known.eq_ignore_ascii_case(key) || en.eq_ignore_ascii_case(key));
    found.map(|(_, en, zh)| Words::new(*en, *zh))
}
