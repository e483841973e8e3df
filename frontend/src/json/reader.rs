//! The reader as serde's types ask it.

use std::{borrow::Cow, fmt};

use serde::{
    de::{self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, Unexpected, Visitor},
    forward_to_deserialize_any,
};

use super::{
    number::{Number, number},
    text::text,
};

/// It is not of the type. Which part is not, nobody would read.
#[derive(Debug)]
pub(super) struct Bad;

type Read<T> = Result<T, Bad>;

/// Where one is in a text.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Whether nothing follows.
    pub(super) fn is_done(&mut self) -> bool {
        self.peek().is_none()
    }

    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let space = rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
        self.at += space.unwrap_or(rest.len());
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past a byte, if it is the next.
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn must(&mut self, byte: u8) -> Read<()> {
        if self.take(byte) { Ok(()) } else { Err(Bad) }
    }

    fn word(&mut self, word: &str) -> Read<()> {
        let there = self.peek().is_some() && self.text[self.at..].starts_with(word);
        self.at += if there { word.len() } else { return Err(Bad) };
        Ok(())
    }

    fn text(&mut self) -> Read<Cow<'a, str>> {
        self.must(b'"')?;
        let (text, length) = text(&self.text[self.at..]).ok_or(Bad)?;
        self.at += length;
        Ok(text)
    }

    fn number(&mut self) -> Read<Number> {
        self.peek();
        let (number, length) = number(&self.text.as_bytes()[self.at..]).ok_or(Bad)?;
        self.at += length;
        Ok(number)
    }

    /// Whether there is another item before `end`, which is gone past otherwise.
    fn another(&mut self, first: &mut bool, end: u8) -> Read<bool> {
        if self.take(end) {
            return Ok(false);
        }
        if std::mem::take(first) {
            return Ok(true);
        }
        self.must(b',')?;
        if self.peek() == Some(end) { Err(Bad) } else { Ok(true) }
    }

    /// The fields of an object with the texts of their values.
    pub(super) fn fields(&mut self) -> Read<Vec<(&'a str, &'a str)>> {
        self.must(b'{')?;
        let (mut fields, mut first) = (Vec::new(), true);
        while self.another(&mut first, b'}')? {
            let Cow::Borrowed(name) = self.text()? else { return Err(Bad) };
            self.must(b':')?;
            self.peek();
            let from = self.at;
            self.skip()?;
            fields.push((name, &self.text[from..self.at]));
        }
        Ok(fields)
    }

    /// Goes past a value. Our server's are small and well nested: what is in it is not looked at.
    fn skip(&mut self) -> Read<()> {
        let mut open = 0_usize;
        loop {
            match self.peek().ok_or(Bad)? {
                b'"' => drop(self.text()?),
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    open = open.checked_sub(1).ok_or(Bad)?;
                    self.at += 1;
                }
                b',' | b':' if open > 0 => self.at += 1,
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => drop(self.number()?),
            }
            if open == 0 {
                return Ok(());
            }
        }
    }
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Bad;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.peek().ok_or(Bad)? {
            b'"' => self.deserialize_str(visitor),
            b'{' => self.deserialize_map(visitor),
            b'[' => self.deserialize_seq(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            b'n' => self.deserialize_unit(visitor),
            _ => self.deserialize_f64(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let yes = self.peek() == Some(b't');
        self.word(if yes { "true" } else { "false" })?;
        visitor.visit_bool(yes)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.number()? {
            Number::Whole(n) => visitor.visit_u64(n),
            Number::Below(n) => visitor.visit_i64(n),
            Number::Float(n) => visitor.visit_f64(n),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.text()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.word("null")?;
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.peek() == Some(b'n') {
            self.word("null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Read<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.must(b'[')?;
        let mut items = Items { reader: self, first: true, ended: false };
        let value = visitor.visit_seq(&mut items)?;
        // A tuple asks for no more than it has.
        if items.ended || items.reader.take(b']') { Ok(value) } else { Err(Bad) }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.must(b'{')?;
        visitor.visit_map(Items { reader: self, first: true, ended: false })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        visitor.visit_enum(Variant(self.text()?))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 char string bytes byte_buf unit_struct tuple_struct identifier
    }
}

/// The items of a list or an object, while they are read.
struct Items<'r, 'de> {
    reader: &'r mut Reader<'de>,
    first: bool,
    ended: bool,
}

impl Items<'_, '_> {
    fn another(&mut self, end: u8) -> Read<bool> {
        self.ended = !self.reader.another(&mut self.first, end)?;
        Ok(!self.ended)
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = Bad;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Read<Option<T::Value>> {
        Ok(if self.another(b']')? { Some(seed.deserialize(&mut *self.reader)?) } else { None })
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Bad;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Read<Option<K::Value>> {
        if !self.another(b'}')? {
            return Ok(None);
        }
        if self.reader.peek() != Some(b'"') {
            return Err(Bad);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Read<T::Value> {
        self.reader.must(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// A word of an enum. There are no others on the wire.
struct Variant<'de>(Cow<'de, str>);

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Bad;
    type Variant = Unit;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Read<(T::Value, Unit)> {
        Ok((seed.deserialize(de::value::CowStrDeserializer::new(self.0))?, Unit))
    }
}

struct Unit;

impl<'de> de::VariantAccess<'de> for Unit {
    type Error = Bad;

    fn unit_variant(self) -> Read<()> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Read<T::Value> {
        Err(Bad)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Read<V::Value> {
        Err(Bad)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Read<V::Value> {
        Err(Bad)
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not of the type")
    }
}

impl std::error::Error for Bad {}

/// Each of these would otherwise write down what nobody reads.
impl de::Error for Bad {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}
